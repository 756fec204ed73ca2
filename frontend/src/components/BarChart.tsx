import { useId } from 'react'

export interface Bar {
  label: string
  value: number
  /** The value as it is read. */
  shown: string
}

const WIDTH = 720
const HEIGHT = 150

/**
 * Bars over time, drawn without a library. The same numbers stand in a table beside it or in the
 * titles of the bars, so the picture itself is one image to a screen reader.
 */
export function BarChart({ label, bars }: { label: string; bars: Bar[] }) {
  const id = useId()
  const most = Math.max(...bars.map((bar) => bar.value), Number.EPSILON)
  const highest = bars.find((bar) => bar.value === most)
  const step = WIDTH / Math.max(bars.length, 1)
  const thickness = Math.min(step * 0.7, 40)
  return (
    <>
      {highest && (
        <p aria-hidden="true" className="border-line border-b border-dashed text-muted text-xs tabular-nums">
          {highest.shown}
        </p>
      )}
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={id}
        className="block h-36 w-full"
      >
        <title id={id}>{label}</title>
        <line
          x1="0"
          x2={WIDTH}
          y1={HEIGHT - 1}
          y2={HEIGHT - 1}
          vectorEffect="non-scaling-stroke"
          className="stroke-line"
        />
        {bars.map((bar, index) => {
          const height = (bar.value / most) * HEIGHT
          const x = index * step + (step - thickness) / 2
          return (
            <rect
              key={bar.label}
              x={x}
              y={HEIGHT - height}
              width={thickness}
              height={height}
              className="fill-accent"
            >
              <title>{`${bar.label}: ${bar.shown}`}</title>
            </rect>
          )
        })}
      </svg>
      {bars.length > 1 && (
        <p className="mt-1 flex justify-between text-muted text-xs tabular-nums" aria-hidden="true">
          <span>{bars[0]?.label}</span>
          <span>{bars.at(-1)?.label}</span>
        </p>
      )}
    </>
  )
}

import { useId } from 'react'

export interface Bar {
  label: string
  value: number
  /** The value as it is read. */
  shown: string
}

const WIDTH = 720
const HEIGHT = 180
const BASE = 158

/**
 * Bars over time, drawn without a library. The same numbers stand in a table beside it, so the
 * picture itself is one image to a screen reader.
 */
export function BarChart({ label, bars }: { label: string; bars: Bar[] }) {
  const id = useId()
  const most = Math.max(...bars.map((bar) => bar.value), Number.EPSILON)
  const step = WIDTH / Math.max(bars.length, 1)
  const thickness = Math.min(step * 0.7, 40)
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id} className="h-auto w-full">
      <title id={id}>{label}</title>
      <line x1="0" x2={WIDTH} y1={BASE} y2={BASE} className="stroke-line" />
      {bars.map((bar, index) => {
        const height = (bar.value / most) * (BASE - 12)
        const x = index * step + (step - thickness) / 2
        return (
          <g key={bar.label}>
            <rect x={x} y={BASE - height} width={thickness} height={height} rx="3" className="fill-accent">
              <title>{`${bar.label}: ${bar.shown}`}</title>
            </rect>
            {(index === 0 || index === bars.length - 1) && bars.length > 1 && (
              <text
                x={index === 0 ? 0 : WIDTH}
                y={HEIGHT - 4}
                textAnchor={index === 0 ? 'start' : 'end'}
                className="fill-muted text-[11px]"
              >
                {bar.label}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

/** The bird on its perch. Decorative: the name stands beside it or on the link around it. */
export function Mark({ className = 'size-7' }: { className?: string }) {
  return (
    <svg viewBox="0 0 64 64" className={className} aria-hidden="true">
      <path d="M8 52h48" className="stroke-[#e0ab34]" strokeWidth="5" strokeLinecap="round" />
      <path
        d="M11 43 18.500 31C22.400 25 25 12 37.500 12c6.500 0 11 4.200 12.200 9.400l6.300 3.800-6.500 2.200C49 38.500 41 46.500 30.500 46.500 23.500 46.500 16.500 45.800 11 43Z"
        className="fill-accent"
      />
      <circle cx="40.500" cy="21.500" r="2.700" className="fill-paper" />
      <path d="M29 46v6M36.500 45v7" className="stroke-[#e0ab34]" strokeWidth="4" strokeLinecap="round" />
    </svg>
  )
}

/** What a tool was asked for, or what came of it, as text. */
export function Shown({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null) return null
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  return (
    <div>
      <p className="font-medium text-muted">{label}</p>
      <pre className="max-h-64 overflow-auto whitespace-pre-wrap font-mono">{text}</pre>
    </div>
  )
}

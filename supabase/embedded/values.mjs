// How Postgres values are written in JSON: as PostgREST and GoTrue write them.

const timestamp = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::?(\d\d))?)?$/

/** `2026-11-22 03:04:05.6+00` → `2026-11-22T03:04:05.6+00:00`; anything else (`infinity`, BC dates) as it is. */
export function rfc3339(text) {
  const parts = typeof text === 'string' ? timestamp.exec(text) : null
  if (!parts) return text
  const [, day, time, hours, minutes] = parts
  return `${day}T${time}${hours ? `${hours}:${minutes ?? '00'}` : ''}`
}

/** A number, as in PostgREST's answer; text only where JSON has no such number (`NaN`, `Infinity`). */
export function numeric(text) {
  const value = Number(text)
  return Number.isFinite(value) ? value : text
}

/** A JSON list is as good a vector as its text form. */
export function vectorText(value) {
  return Array.isArray(value) ? `[${value.join(',')}]` : value
}

/**
 * Lite turns objects and lists into JSON text itself, postgres.js would quote that text once more, and a function
 * would be handed a JSON string instead of an object. (A JSON string that itself holds a JSON object cannot be told
 * apart here and arrives as that object.)
 */
export function jsonText(value) {
  if (typeof value === 'string' && /^\s*[[{]/.test(value)) {
    try {
      JSON.parse(value)
      return value
    } catch {
      // an ordinary string that happens to begin with a bracket
    }
  }
  return JSON.stringify(value)
}

const asTime = (value) => (value instanceof Date ? value.toISOString() : value)
const same = (value) => value

/**
 * The type table for postgres.js. @supabase/lite's own leaves times in Postgres's notation and decimals with
 * trailing zeros as text, and it knows nothing of pgvector.
 * @param {{ name: string, oid: number }[]} vectorTypes as found in pg_type
 */
export function postgresTypes(vectorTypes) {
  const types = {
    json: { to: 114, from: [114], serialize: jsonText, parse: JSON.parse },
    jsonb: { to: 3802, from: [3802], serialize: jsonText, parse: JSON.parse },
    numeric: { to: 1700, from: [1700], serialize: String, parse: numeric },
    timestamp: { to: 1114, from: [1114], serialize: asTime, parse: rfc3339 },
    timestamptz: { to: 1184, from: [1184], serialize: asTime, parse: rfc3339 },
  }
  for (const { name, oid } of vectorTypes) {
    types[name] = { to: oid, from: [oid], serialize: vectorText, parse: same }
  }
  return types
}

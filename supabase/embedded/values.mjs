// How Postgres values are written in JSON: as PostgREST and GoTrue write them.

const timestamp = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(?::?(\d\d))?)?$/;

/** `2026-11-22 03:04:05.6+00` → `2026-11-22T03:04:05.6+00:00`; anything else (`infinity`, BC dates) as it is. */
export function rfc3339(text) {
  const parts = typeof text === 'string' ? timestamp.exec(text) : null;
  if (!parts) return text;
  const [, day, time, hours, minutes] = parts;
  return `${day}T${time}${hours ? `${hours}:${minutes ?? '00'}` : ''}`;
}

/** A number, as in PostgREST's answer; text only where JSON has no such number (`NaN`, `Infinity`). */
export function numeric(text) {
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** A JSON list is as good a vector as its text form. */
export function vectorText(value) {
  return Array.isArray(value) ? `[${value.join(',')}]` : value;
}

const asTime = (value) => (value instanceof Date ? value.toISOString() : value);
const same = (value) => value;

/**
 * The type table for postgres.js. @supabase/lite's own leaves times in Postgres's notation and decimals with
 * trailing zeros as text, and it knows nothing of pgvector.
 * @param {{ name: string, oid: number }[]} vectorTypes as found in pg_type
 */
export function postgresTypes(vectorTypes) {
  const types = {
    numeric: { to: 1700, from: [1700], serialize: String, parse: numeric },
    timestamp: { to: 1114, from: [1114], serialize: asTime, parse: rfc3339 },
    timestamptz: { to: 1184, from: [1184], serialize: asTime, parse: rfc3339 },
  };
  for (const { name, oid } of vectorTypes) {
    types[name] = { to: oid, from: [oid], serialize: vectorText, parse: same };
  }
  return types;
}

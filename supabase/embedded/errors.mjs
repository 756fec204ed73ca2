// Database errors as PostgREST answers them. Lite knows some SQLSTATEs and answers 500 with the error's text to the
// rest; we let that text carry the error's fields, and make the right answer of it on the way out.
import postgres from 'postgres'

const mark = '\u0001'

/** From PostgREST's table of SQLSTATEs: a whole code first, then its class. */
const statusByCode = {
  23503: 409,
  23505: 409,
  25006: 405,
  '42P17': 500,
  53400: 500,
  '57P01': 503,
  '57P02': 503,
  '57P03': 503,
  P0001: 400,
}
const statusByClass = {
  '08': 503,
  '09': 500,
  '0L': 403,
  '0P': 403,
  25: 500,
  28: 403,
  '2D': 500,
  38: 500,
  39: 500,
  '3B': 500,
  40: 500,
  53: 503,
  54: 500,
  55: 500,
  57: 500,
  58: 500,
  F0: 500,
  HV: 500,
  P0: 500,
  XX: 500,
}

/** @param {string | undefined} code SQLSTATE, five characters */
export function statusOf(code) {
  if (!code) return 500
  const chosen = /^PT([2-5]\d\d)$/.exec(code)
  if (chosen) return Number(chosen[1])
  return statusByCode[code] ?? statusByClass[code.slice(0, 2)] ?? 400
}

export function letErrorsCarryTheirFields() {
  postgres.PostgresError.prototype.toString = function fields() {
    const { code, message, detail, hint } = this
    return mark + JSON.stringify({ code, message, details: detail ?? null, hint: hint ?? null })
  }
}

/**
 * @param {Response} response lite's answer
 * @returns {Promise<Response>} the same, or the database error that was hidden in it
 */
export async function revealDatabaseError(response) {
  if (response.status !== 500) return response
  const text = await response.text()
  const fields = hiddenFields(text)
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  if (!fields) return new Response(text, { status: 500, headers })
  return new Response(JSON.stringify(fields), { status: statusOf(fields.code), headers })
}

function hiddenFields(text) {
  let body
  try {
    body = JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null // lite's plain-text "Internal Server Error"
    throw error
  }
  const message = body?.message
  return typeof message === 'string' && message.startsWith(mark) ? JSON.parse(message.slice(mark.length)) : null
}

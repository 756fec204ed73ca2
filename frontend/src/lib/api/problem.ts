import { t } from '@/lib/i18n'

/** An answer of the API that is not a success, or none at all: RFC 9457 in the shape that views need. */
export class Problem extends Error {
  readonly status: number
  readonly type: string
  readonly title: string
  readonly detail: string

  constructor(fields: { status: number; type: string; title: string; detail: string }) {
    super(fields.detail || fields.title)
    this.name = 'Problem'
    this.status = fields.status
    this.type = fields.type
    this.title = fields.title
    this.detail = fields.detail
  }

  /** The last segment of `type`, for example `conversation-not-found`. */
  get slug(): string {
    return this.type.split('/').pop() ?? ''
  }
}

/** Makes a problem of a response that failed, whether or not it carries problem+json. */
export async function problemFrom(response: Response): Promise<Problem> {
  return problemOf(await readJson(response), response.status)
}

/** Makes a problem of a problem document; what it leaves out is said in general words. */
export function problemOf(body: Record<string, unknown> | null | undefined, status?: number): Problem {
  const known = status ?? (typeof body?.status === 'number' ? body.status : 500)
  return new Problem({
    status: known,
    type: text(body?.type) ?? 'about:blank',
    title: text(body?.title) ?? t.problems.title(known),
    detail: text(body?.detail) ?? t.problems.whatToDo(known),
  })
}

/** Makes a problem of anything thrown, so that every view can show it the same way. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof TypeError) {
    return new Problem({
      status: 0,
      type: 'offline',
      title: t.problems.offline,
      detail: t.problems.offlineDetail,
    })
  }
  const detail = error instanceof Error ? error.message : String(error)
  return new Problem({ status: 0, type: 'unexpected', title: t.problems.unexpected, detail })
}

async function readJson(response: Response): Promise<Record<string, unknown>> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return {}
  try {
    const body: unknown = await response.json()
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  } catch {
    return {} // A body cut short says nothing more than the status does.
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

import { Problem } from '@/lib/api/problem'
import { t } from '@/lib/i18n'

/**
 * Sends one file to `/api/documents`. `fetch` cannot tell how far an upload is, so this is the older way.
 *
 * @param onProgress told the share that has been sent, 0 to 1.
 * @throws Problem when the API refuses it, TypeError when there is no connection.
 */
export function sendFile(file: File, token: string, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/documents')
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('accept', 'application/json')
    request.responseType = 'json'
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new TypeError('the connection failed'))
    request.onload = () => (request.status < 300 ? resolve() : reject(problemOf(request)))
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}

function problemOf(request: XMLHttpRequest): Problem {
  const body = (request.response ?? {}) as Partial<Record<'type' | 'title' | 'detail', string>>
  return new Problem({
    status: request.status,
    type: body.type ?? 'about:blank',
    title: body.title ?? t.problems.title(request.status),
    detail: body.detail ?? t.problems.whatToDo(request.status),
  })
}

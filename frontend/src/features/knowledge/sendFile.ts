import { problemOf } from '@/lib/api/problem'
import type { DocumentRow } from '@/lib/api/types'

/**
 * Sends one file to `/api/documents`. `fetch` cannot tell how far an upload is, so this is the older way.
 *
 * @param onProgress told the share that has been sent, 0 to 1.
 * @returns the file as the ledger has it: not read yet.
 * @throws Problem when the API refuses it, TypeError when there is no connection.
 */
export function sendFile(
  file: File,
  token: string,
  onProgress: (share: number) => void,
): Promise<DocumentRow> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/documents')
    request.setRequestHeader('authorization', `Bearer ${token}`)
    request.setRequestHeader('accept', 'application/json')
    request.responseType = 'json'
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onerror = () => reject(new TypeError('the connection failed'))
    request.onload = () => {
      const row = request.status < 300 ? request.response?.items?.[0] : undefined
      // Something on the way may have answered in the API's place.
      if (row) resolve(row)
      else reject(problemOf(request.response, request.status < 300 ? 502 : request.status))
    }
    const form = new FormData()
    form.append('file', file, file.name)
    request.send(form)
  })
}

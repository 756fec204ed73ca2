const KEY = 'roost-session-ended'

/** Notes that the session ended by itself, so that the log-in page can say why it is shown. */
export function noteSessionEnd(): void {
  sessionStorage.setItem(KEY, '1')
}

export function sessionHasEnded(): boolean {
  return sessionStorage.getItem(KEY) !== null
}

export function forgetSessionEnd(): void {
  sessionStorage.removeItem(KEY)
}

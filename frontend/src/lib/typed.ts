/** Names under which this browser keeps what somebody has typed and not sent. */
const PREFIXES = ['roost-draft:', 'roost-unsent:', 'roost-agent:']

/** Forgets what was typed: the next person who logs in here is not to read it. */
export function forgetTyped(): void {
  for (const key of Object.keys(localStorage)) {
    if (PREFIXES.some((prefix) => key.startsWith(prefix))) localStorage.removeItem(key)
  }
}

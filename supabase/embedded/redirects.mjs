// Where a mailed link leads to. GoTrue takes `redirect_to` of the request that causes the mail; lite forgets it and
// always leads to the site's start page. We keep it beside the request and put it into the mail. Lite checks the
// address against the site's own when the link is opened, so a foreign one leads to the start page as before.
import { AsyncLocalStorage } from 'node:async_hooks'

const asked = new AsyncLocalStorage()

/** Run `work` with the address that the request asks for. */
export function withRedirect(request, url, work) {
  return asked.run(url.searchParams.get('redirect_to') ?? request.headers.get('redirect_to'), work)
}

/** The text with that address in its links. */
export function redirected(text, target = asked.getStore()) {
  if (!target || !text) return text
  return text.replace(/(\/auth\/v1\/verify\?[^\s"'<>]*?redirect_to=)[^\s"'<>&]*/g, `$1${encodeURIComponent(target)}`)
}

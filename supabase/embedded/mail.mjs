// Mails: sent by SMTP where one is set, otherwise written into a folder, where a person (or a test) can read them.
import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SmtpEmailDriver } from '@supabase/lite'
import { redirected } from './redirects.mjs'

export function mailDriver(settings, log = console) {
  const driver = settings.smtp ? new SmtpEmailDriver(settings.smtp) : new MailFolder(settings.mailDirectory, log)
  return {
    send: ({ text, html, ...rest }) => driver.send({ ...rest, text: redirected(text), html: redirected(html) }),
  }
}

export class MailFolder {
  #count = 0

  /** @param {string | null} directory null: only the log tells of a mail */
  constructor(directory, log = console) {
    this.directory = directory
    this.log = log
  }

  /** @param {{ to: string, subject: string, text?: string, html?: string }} message */
  async send(message) {
    const link = linkIn(message)
    const place = this.directory ? await this.#write(message, link) : 'nowhere (no mail folder is set)'
    this.log.info(`mail "${message.subject}" to ${message.to} written to ${place}${link ? `, link: ${link}` : ''}`)
  }

  async #write(message, link) {
    await mkdir(this.directory, { recursive: true, mode: 0o700 })
    const sentAt = new Date().toISOString()
    const name = `${sentAt.replace(/[:.]/g, '-')}-${String(this.#count++).padStart(4, '0')}.json`
    const file = path.join(this.directory, name)
    await writeFile(`${file}.part`, JSON.stringify({ ...message, link, sentAt }, null, 2), { mode: 0o600 })
    await rename(`${file}.part`, file) // a reader never sees half a mail
    return file
  }
}

/** The link that the mail is about, or null. */
export function linkIn({ text, html }) {
  const match = /https?:\/\/[^\s"'<>]*\/auth\/v1\/verify\?[^\s"'<>]+/.exec(text ?? html ?? '')
  return match ? match[0].replaceAll('&amp;', '&') : null
}

import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { linkIn, MailFolder, mailDriver } from '../mail.mjs'
import { redirected, withRedirect } from '../redirects.mjs'

const link = 'http://localhost:8080/auth/v1/verify?token=t&type=recovery&redirect_to=http%3A%2F%2Flocalhost%3A8080'
const text = `Reset your password\n\nFollow this link: ${link}`
const quiet = { info: () => {} }

async function inFolder(t) {
  const folder = await mkdtemp(path.join(tmpdir(), 'roost-mail-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

test('a mail is a file that only its owner may read, and a line in the log', async (t) => {
  const folder = path.join(await inFolder(t), 'mail')
  const lines = []
  await new MailFolder(folder, { info: (line) => lines.push(line) }).send({ to: 'a@b.c', subject: 'Reset', text })

  const [name] = await readdir(folder)
  const mail = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
  assert.equal(mail.to, 'a@b.c')
  assert.equal(mail.link, link)
  assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600)
  assert.match(lines[0], /"Reset" to a@b\.c .*link: http/)
})

test('mails are kept in their order', async (t) => {
  const folder = await inFolder(t)
  const mails = new MailFolder(folder, quiet)
  for (const subject of ['first', 'second', 'third']) await mails.send({ to: 'a@b.c', subject })

  const subjects = []
  for (const name of (await readdir(folder)).sort()) {
    subjects.push(JSON.parse(await readFile(path.join(folder, name), 'utf8')).subject)
  }
  assert.deepEqual(subjects, ['first', 'second', 'third'])
})

test('the link leads where the request asked', async (t) => {
  const folder = await inFolder(t)
  const driver = mailDriver({ smtp: null, mailDirectory: folder }, quiet)
  const url = new URL('http://127.0.0.1/auth/v1/recover?redirect_to=http://localhost:8080/reset%3Fa=b')

  await withRedirect(new Request(url), url, () => driver.send({ to: 'a@b.c', subject: 'Reset', text }))

  const [name] = await readdir(folder)
  const mail = JSON.parse(await readFile(path.join(folder, name), 'utf8'))
  assert.equal(new URL(mail.link).searchParams.get('redirect_to'), 'http://localhost:8080/reset?a=b')
})

test('without such a wish the link stays', () => {
  assert.equal(redirected(text), text)
  assert.equal(redirected(undefined, 'http://localhost:8080/reset'), undefined)
})

test('links in HTML are found too', () => {
  assert.equal(linkIn({ html: `<a href="${link.replaceAll('&', '&amp;')}">reset</a>` }), link)
  assert.equal(linkIn({ text: 'no link' }), null)
})

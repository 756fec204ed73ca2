// People in auth.users, written as GoTrue writes them.
import { randomUUID } from 'node:crypto'
import bcrypt from 'bcryptjs'
import { rfc3339 } from './values.mjs'

export class Users {
  /** @param {import('postgres').Sql} sql @param {{ passwordCost: number }} settings */
  constructor(sql, settings) {
    this.sql = sql
    this.cost = settings.passwordCost
  }

  async list(page, perPage) {
    const { sql } = this
    const [{ total }] = await sql`select count(*)::int as total from auth.users`
    const rows = await sql`
      select * from auth.users order by created_at desc, id limit ${perPage} offset ${(page - 1) * perPage}`
    const identities = rows.length
      ? await sql`select * from auth.identities where user_id in ${sql(rows.map((row) => row.id))}`
      : []
    return {
      total,
      users: rows.map((row) =>
        asJson(
          row,
          identities.filter((one) => one.user_id === row.id),
        ),
      ),
    }
  }

  async find(id) {
    if (!/^[0-9a-f-]{36}$/i.test(id ?? '')) return null
    const [row] = await this.sql`select * from auth.users where id = ${id}`
    if (!row) return null
    return asJson(row, await this.sql`select * from auth.identities where user_id = ${id}`)
  }

  /** @throws {postgres.PostgresError} 23505 when the address is taken */
  async create(wanted) {
    const id = wanted.id ?? randomUUID()
    const email = wanted.email.trim().toLowerCase()
    const now = new Date().toISOString()
    const confirmed = wanted.email_confirm ? now : null
    const metadata = wanted.user_metadata ?? {}
    await this.sql.begin(async (sql) => {
      await sql`insert into auth.users ${sql({
        id,
        email,
        aud: 'authenticated',
        role: wanted.role || 'authenticated',
        encrypted_password: await this.hash(wanted.password ?? randomUUID()),
        email_confirmed_at: confirmed,
        raw_app_meta_data: sql.json({ provider: 'email', providers: ['email'], ...wanted.app_metadata }),
        raw_user_meta_data: sql.json(metadata),
        created_at: now,
        updated_at: now,
      })}`
      await sql`insert into auth.identities ${sql({
        id: randomUUID(),
        provider: 'email',
        provider_id: id,
        user_id: id,
        created_at: now,
        updated_at: now,
        identity_data: sql.json({
          sub: id,
          email,
          email_verified: Boolean(confirmed),
          phone_verified: false,
          ...metadata,
        }),
      })}`
    })
    return this.find(id)
  }

  async update(id, wanted) {
    const user = await this.find(id)
    if (!user) return null
    const { sql } = this
    const now = new Date().toISOString()
    const changes = { updated_at: now }
    if (wanted.email) changes.email = wanted.email.trim().toLowerCase()
    if (wanted.role) changes.role = wanted.role
    if (wanted.password) changes.encrypted_password = await this.hash(wanted.password)
    if (wanted.email_confirm) changes.email_confirmed_at = now
    if (wanted.user_metadata) changes.raw_user_meta_data = sql.json(merged(user.user_metadata, wanted.user_metadata))
    if (wanted.app_metadata) changes.raw_app_meta_data = sql.json(merged(user.app_metadata, wanted.app_metadata))
    if (wanted.ban_duration) changes.banned_until = endOfBan(wanted.ban_duration)
    await sql`update auth.users set ${sql(changes)} where id = ${id}`
    return this.find(id)
  }

  async remove(id) {
    const removed = await this.sql`delete from auth.users where id = ${id} returning id`
    return removed.length > 0
  }

  async isBanned(id) {
    const [row] = await this.sql`select from auth.users where id = ${id ?? null} and banned_until > now()`
    return Boolean(row)
  }

  async endSession(id) {
    await this.sql`delete from auth.sessions where id = ${id ?? null}`
  }

  hash(password) {
    return bcrypt.hash(password, this.cost)
  }
}

/** As GoTrue merges metadata: key by key, null takes a key away. */
function merged(before, changes) {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null))
}

const unit = { s: 1e3, m: 6e4, h: 36e5 }

/** `24h`, `90m`, `1h30m` from now, as Go writes durations; `none` ends a ban. */
export function endOfBan(duration, now = Date.now()) {
  if (duration === 'none') return null
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([smh])/g)]
  if (!parts.length || parts.map(([part]) => part).join('') !== duration) {
    throw new RangeError(`ban_duration must be "none" or like "24h", not "${duration}"`)
  }
  return new Date(now + parts.reduce((sum, [, count, letter]) => sum + Number(count) * unit[letter], 0)).toISOString()
}

const time = (value) => (value instanceof Date ? value.toISOString() : (rfc3339(value) ?? undefined))
const object = (value) => (typeof value === 'string' ? JSON.parse(value) : (value ?? {}))

function asJson(row, identities) {
  return {
    id: row.id,
    aud: row.aud,
    role: row.role,
    email: row.email ?? '',
    phone: row.phone ?? '',
    email_confirmed_at: time(row.email_confirmed_at),
    confirmed_at: time(row.email_confirmed_at),
    last_sign_in_at: time(row.last_sign_in_at),
    banned_until: time(row.banned_until),
    app_metadata: object(row.raw_app_meta_data),
    user_metadata: object(row.raw_user_meta_data),
    identities: identities.map((one) => ({
      identity_id: one.id,
      id: one.provider_id,
      user_id: one.user_id,
      identity_data: object(one.identity_data),
      provider: one.provider,
      email: one.email ?? undefined,
      last_sign_in_at: time(one.last_sign_in_at),
      created_at: time(one.created_at),
      updated_at: time(one.updated_at),
    })),
    created_at: time(row.created_at),
    updated_at: time(row.updated_at),
    is_anonymous: false,
  }
}

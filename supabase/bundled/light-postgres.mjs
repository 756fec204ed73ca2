// See light-server.mjs.
import postgres from '/srv/node_modules/postgres/src/index.js'
import { postgresTypes } from './values.mjs'

export default (url, options) =>
  postgres(url, { ...options, types: { ...options?.types, ...postgresTypes([]) } })

// For tries on a machine that reaches no container registry: there @supabase/lite stands in for PostgREST, and writes
// JSON arguments and times otherwise than PostgREST does (supabase/embedded/values.mjs says how). PostgREST itself is
// no Node.js program and never reads this.
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'

const driver = '/srv/node_modules/postgres/src/index.js'
const wrapped = new URL('./light-postgres.mjs', import.meta.url).href

if (existsSync(driver)) {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'postgres' && context.parentURL !== wrapped
        ? { url: wrapped, shortCircuit: true }
        : next(specifier, context),
  })
}

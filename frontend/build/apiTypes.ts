/**
 * Writes the schemas of the agent API's OpenAPI document as TypeScript interfaces.
 *
 *     python -m agent_api openapi | node frontend/build/apiTypes.ts > frontend/src/lib/api/schema.gen.ts
 *
 * Small and our own: the generators at hand stand on an older compiler's programming interface.
 */
import { text } from 'node:stream/consumers'

interface Schema {
  $ref?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  enum?: (string | number)[]
  const?: string | number | boolean
  type?: string
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  description?: string
  default?: unknown
}

const PRIMITIVES: Record<string, string> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
}

function nameOf(schemaName: string): string {
  return schemaName.replace(/\W+/g, '_')
}

function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref.split('/').pop() ?? '')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ')
  if (schema.allOf) return schema.allOf.map(typeOf).join(' & ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.type === 'array') {
    const item = typeOf(schema.items ?? {})
    return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`
  }
  if (schema.type === 'object' || schema.properties) return objectType(schema)
  return PRIMITIVES[schema.type ?? ''] ?? 'unknown'
}

function objectType(schema: Schema): string {
  if (!schema.properties) {
    const values =
      typeof schema.additionalProperties === 'object' ? typeOf(schema.additionalProperties) : 'unknown'
    return `Record<string, ${values}>`
  }
  return `{\n${fieldsOf(schema)}}`
}

function fieldsOf(schema: Schema, sent = false): string {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      // The server always sends a field that has a default; a client may leave it out.
      const optional = sent && !required.has(name) ? '?' : ''
      const comment = field.description ? `  /** ${field.description.replaceAll('\n', ' ').trim()} */\n` : ''
      return `${comment}  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${optional}: ${typeOf(field)}\n`
    })
    .join('')
}

/** The names of the schemas that a node of the document leads to, however deep. */
function namesIn(node: unknown, known: Set<string>): void {
  for (const [, reference = ''] of JSON.stringify(node ?? null).matchAll(
    /"#\/components\/schemas\/([^"]+)"/g,
  )) {
    if (known.has(reference)) continue
    known.add(reference)
    namesIn(api.components.schemas[reference], known)
  }
}

function declarationOf([name, schema]: [string, Schema]): string {
  const comment = schema.description ? `/** ${schema.description.replace(/\s+/g, ' ').trim()} */\n` : ''
  return schema.properties
    ? `${comment}export interface ${nameOf(name)} {\n${fieldsOf(schema, sentByClients.has(name))}}\n`
    : `${comment}export type ${nameOf(name)} = ${typeOf(schema)}\n`
}

interface Document {
  paths: Record<string, Record<string, { requestBody?: unknown }>>
  components: { schemas: Record<string, Schema> }
}

const api = JSON.parse(await text(process.stdin)) as Document
const sentByClients = new Set<string>()
for (const methods of Object.values(api.paths)) {
  for (const method of Object.values(methods)) namesIn(method.requestBody, sentByClients)
}
const header = '// Made from the OpenAPI document by `npm run api-types`. Do not change it by hand.\n'
const schemas = Object.entries(api.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))
process.stdout.write([header, ...schemas.map(declarationOf)].join('\n'))

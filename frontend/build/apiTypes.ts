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

function fieldsOf(schema: Schema): string {
  const required = new Set(schema.required)
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      // The server always sends a field that has a default; a client may leave it out.
      const optional = required.has(name) ? '' : '?'
      const comment = field.description ? `  /** ${field.description.replaceAll('\n', ' ').trim()} */\n` : ''
      return `${comment}  ${/^\w+$/.test(name) ? name : JSON.stringify(name)}${optional}: ${typeOf(field)}\n`
    })
    .join('')
}

function declarationOf([name, schema]: [string, Schema]): string {
  const comment = schema.description ? `/** ${schema.description.replace(/\s+/g, ' ').trim()} */\n` : ''
  const type = schema.properties ? null : typeOf(schema)
  return type === null
    ? `${comment}export interface ${nameOf(name)} {\n${fieldsOf(schema)}}\n`
    : `${comment}export type ${nameOf(name)} = ${type}\n`
}

const document = JSON.parse(await text(process.stdin)) as { components: { schemas: Record<string, Schema> } }
const header = '// Made from the OpenAPI document by `npm run api-types`. Do not change it by hand.\n'
const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1))
process.stdout.write([header, ...schemas.map(declarationOf)].join('\n'))

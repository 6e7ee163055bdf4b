import { nearestSentence } from './nearest.ts'

type Schema = Record<string, unknown>

/** A schema with one of these may describe more than its `properties`. */
const MORE = [
  'additionalProperties',
  'patternProperties',
  'unevaluatedProperties',
  'anyOf',
  'oneOf',
  'allOf',
  'if',
  '$ref',
]

/**
 * Arguments that a tool's schema neither describes nor forbids, so that a slip would pass unseen: one sentence each, with the nearest name.
 * @param schema the tool's JSON Schema. Arguments within `{"params": …}` and other objects are looked at too.
 */
export function strangeArguments(schema: Schema, args: Schema): string[] {
  return strange(schema, args, schema, '')
}

function strange(schema: Schema, args: Schema, root: Schema, within: string): string[] {
  const { properties } = schema
  if (!isObject(properties) || MORE.some((key) => key in schema)) return []
  return Object.entries(args).flatMap(([name, value]) => {
    if (Object.hasOwn(properties, name)) {
      const inner = resolved(properties[name], root)
      return isObject(inner) && isObject(value) ? strange(inner, value, root, `${within}${name}.`) : []
    }
    const known = Object.keys(properties)
    const near = known.length === 0 ? 'It describes none.' : nearestSentence(name, known)
    return [`"${within}${name}" is no argument that the tool describes. ${near}`]
  })
}

/** What `#/$defs/Name` refers to, as FastMCP describes `params`. */
function resolved(schema: unknown, root: Schema): unknown {
  if (!isObject(schema) || typeof schema.$ref !== 'string') return schema
  const [at, ...path] = schema.$ref.split('/')
  if (at !== '#') return schema
  return path.reduce<unknown>((here, key) => (isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined), root)
}

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import { oneLine } from './words.ts'

type Check = (args: Record<string, unknown>) => string | null

/**
 * A check of arguments against a tool's JSON Schema: null when they fit, else what is wrong (`width must be number`). A schema that
 * cannot be read checks nothing: the server is then the judge.
 */
export function argumentCheck(inputSchema: Record<string, unknown>): Check {
  // Under its `$id` one server's schema would be found for another's.
  const { $id: _, ...schema } = inputSchema
  let validate: ReturnType<AjvJsonSchemaValidator['getValidator']>
  try {
    validate = new AjvJsonSchemaValidator().getValidator(schema)
  } catch {
    return () => null
  }
  return (args) => {
    const result = validate(args)
    return result.valid ? null : readable(result.errorMessage)
  }
}

/** `data/size/0 must be number, data must have required property 'prompt'` → `size.0 must be number; prompt is missing`. */
function readable(message: string): string {
  const faults = message.split(/, (?=data[ /])/).map((fault) => {
    const [, missing] = /^data(?:\/\S+)? must have required property '(.+)'$/.exec(fault) ?? []
    const [, at, what] = /^data(?:\/(\S+))? (.*)$/s.exec(fault) ?? []
    const path = at?.replaceAll('/', '.')
    if (missing) return `${path ? `${path}.` : ''}${missing} is missing`
    return what === undefined ? fault : `${path ?? 'the whole'} ${what}`
  })
  return oneLine([...new Set(faults)].join('; '), 300)
}

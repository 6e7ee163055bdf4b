import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv'
import { oneLine } from './words.ts'

/** Null when the arguments fit, else what is wrong: `width must be number`. */
type Check = (args: Record<string, unknown>) => string | null

/**
 * Makes checks of arguments against tools' JSON Schemas. A schema is compiled when its tool is first called: few of a server's tools
 * ever are. One that cannot be read checks nothing: the server is then the judge.
 */
export function argumentChecks(): (inputSchema: Record<string, unknown>) => Check {
  let shared: AjvJsonSchemaValidator | undefined
  return (inputSchema) => {
    let check: Check | undefined
    return (args) => {
      shared ??= new AjvJsonSchemaValidator()
      check ??= compiled(shared, inputSchema)
      return check(args)
    }
  }
}

function compiled(validator: AjvJsonSchemaValidator, inputSchema: Record<string, unknown>): Check {
  // Two tools may bear the same `$id`, and the first one's schema would then be taken for both.
  const { $id: _, ...schema } = inputSchema
  try {
    const validate = validator.getValidator(schema)
    return (args) => {
      const result = validate(args)
      return result.valid ? null : readable(result.errorMessage)
    }
  } catch {
    return () => null
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

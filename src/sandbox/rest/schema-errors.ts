/** Schema problems in Discord's words. https://docs.discord.com/developers/reference#error-messages */
import { type core, iso } from 'zod/mini'
import { characters } from '../core/characters.ts'

export interface Problem {
  path: string
  code: string
  message: string
}

type Issue = core.$ZodIssue

export function toErrors(issues: Issue[], prefix: PropertyKey[] = []): Problem[] {
  return issues.filter(isReal).flatMap((issue) => fromIssue(issue, prefix))
}

/** RFC 3339, which OpenAPI's `date-time` means. https://spec.openapis.org/registry/format/date-time */
const time = iso.datetime({ offset: true })

/** The schema counts UTF-16 units where Discord counts code points, and takes no offset (`+00:00`) where Discord's format is `date-time`. */
function isReal(issue: Issue): boolean {
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return !time.safeParse(issue.input).success
  if (issue.code === 'too_big' && issue.origin === 'string' && typeof issue.input === 'string')
    return characters(issue.input) > Number(issue.maximum)
  if (issue.code === 'invalid_union' && issue.errors?.length) return issue.errors.every((branch) => branch.some(isReal))
  return true
}

function fromIssue(issue: Issue, prefix: PropertyKey[]): Problem[] {
  const at = [...prefix, ...issue.path]
  const path = at.map(String).join('.')
  const one = (code: string, message: string) => [{ path, code, message }]
  switch (issue.code) {
    case 'invalid_union':
      return fromUnion(issue, at)
    case 'invalid_type':
      if (issue.input === undefined && !('received' in issue))
        return one('BASE_TYPE_REQUIRED', 'This field is required')
      return one(...typeProblem(issue.expected))
    case 'too_big':
      return tooBig(issue, path)
    case 'too_small':
      return tooSmall(issue, path)
    case 'invalid_value':
      return one('BASE_TYPE_CHOICES', `Value must be one of (${issue.values.map(String).join(', ')}).`)
    case 'invalid_format':
      if (issue.format === 'url') return one('URL_TYPE_INVALID_URL', 'Not a well formed URL.')
      if (issue.format === 'datetime') return one('DATE_TIME_TYPE_PARSE', 'Could not parse value. Should be ISO8601.')
      return one('NUMBER_TYPE_COERCE', 'Value is not snowflake.')
    default:
      return one('BASE_TYPE_INVALID', issue.message ?? 'Invalid value')
  }
}

/** The branch that came nearest: one whose `type` fits, then the one with the fewest problems. */
function fromUnion(issue: Extract<Issue, { code: 'invalid_union' }>, at: PropertyKey[]): Problem[] {
  const branches = (issue.errors ?? []).filter((branch) => branch.length > 0)
  const fitting = branches.filter(
    (branch) => !branch.some((inner) => inner.path.length === 1 && inner.path[0] === 'type'),
  )
  const nearest = (fitting.length > 0 ? fitting : branches).toSorted((a, b) => a.length - b.length)[0]
  if (!nearest || (fitting.length === 0 && branches.length > 1)) {
    return [
      {
        path: at.map(String).join('.'),
        code: 'UNION_TYPE_CHOICES',
        message: 'Value does not match any of the allowed types.',
      },
    ]
  }
  return toErrors(nearest, at)
}

function typeProblem(expected: string): [string, string] {
  if (expected === 'string') return ['STRING_TYPE_CONVERT', 'Could not interpret value as string.']
  if (expected === 'number' || expected === 'int') return ['NUMBER_TYPE_COERCE', 'Value is not a number.']
  if (expected === 'boolean') return ['BOOLEAN_TYPE_CONVERT', 'Must be either true or false.']
  if (expected === 'array') return ['LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType']
  return ['MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType']
}

function tooBig(issue: Extract<Issue, { code: 'too_big' }>, path: string): Problem[] {
  if (issue.origin === 'string')
    return [{ path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` }]
  if (issue.origin === 'array')
    return [{ path, code: 'BASE_TYPE_BAD_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` }]
  return [{ path, code: 'NUMBER_TYPE_MAX', message: `int value should be less than or equal to ${issue.maximum}.` }]
}

function tooSmall(issue: Extract<Issue, { code: 'too_small' }>, path: string): Problem[] {
  if (issue.origin === 'string' || issue.origin === 'array') {
    return [{ path, code: 'BASE_TYPE_BAD_LENGTH', message: `Must be ${issue.minimum} or more in length.` }]
  }
  return [{ path, code: 'NUMBER_TYPE_MIN', message: `int value should be greater than or equal to ${issue.minimum}.` }]
}

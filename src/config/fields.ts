import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { nearest } from '../core/nearest.ts'

// The kinds of values that people write into files. The text of each error is what was expected, for
// `<file>: <field> must be <text>, not <what stands there>`.

export const text = () => z.string({ error: 'text' })
export const flag = () => z.boolean({ error: 'true or false' })
export const mapping = () => z.record(z.string(), z.unknown(), { error: 'an object {…}' })
export const texts = () => z.array(text(), { error: 'a list of texts' })

export function whole(min: number, max = Number.MAX_SAFE_INTEGER) {
  const error = `a whole number${range(min, max)}`
  return z.int({ error }).min(min, { error }).max(max, { error })
}

export function number(min: number, max: number = Number.POSITIVE_INFINITY) {
  const error = `a number${range(min, max)}`
  return z.number({ error }).min(min, { error }).max(max, { error })
}

export function choice<const T extends readonly [string, ...string[]]>(choices: T) {
  return z.enum(choices, { error: `one of ${choices.join(', ')}` })
}

/** A name, a list of names, or names with commas between. */
export const names = () =>
  z
    .union([text(), texts()], { error: 'a name, a list of names, or names with commas between' })
    .transform((value) => splitNames(value))

export function splitNames(value: string | readonly string[]): string[] {
  return [...new Set(splitList(value))]
}

/** Like `splitNames`, with repetitions: models, of which the same may be named twice. */
function splitList(value: string | readonly string[]): string[] {
  const parts = (typeof value === 'string' ? [value] : value).flatMap((part) => part.split(','))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

export const list = () =>
  z.union([text(), texts()], { error: 'a list of names' }).transform((value) => splitList(value))

function range(min: number, max: number): string {
  const low = min > -Number.MAX_SAFE_INTEGER
  const high = max < Number.MAX_SAFE_INTEGER
  if (low && high) return ` from ${min} to ${max}`
  return low ? ` from ${min}` : high ? ` up to ${max}` : ''
}

/** An object with these keys. `null`, an empty list and an empty text mean absent; `note` is a remark. */
export function object<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.preprocess(dropAbsent, z.object(shape, { error: 'an object {…}' }))
}

function dropAbsent(value: unknown): unknown {
  if (!isObject(value)) return value
  const absent = (v: unknown) => v === null || v === '' || (Array.isArray(v) && v.length === 0)
  return Object.fromEntries(Object.entries(value).filter(([, v]) => !absent(v)))
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with a file: errors make it unusable, warnings do not. Each is a sentence that begins with the file. */
export interface Problems {
  errors: string[]
  warnings: string[]
}

/** Checks what stands in a file. The value is null when there are errors. */
export function inspect<S extends z.ZodType>(
  schema: S,
  value: unknown,
  file: string,
): { value: z.output<S> | null } & Problems {
  const warnings = unknownKeySentences(schema, value, file)
  const parsed = schema.safeParse(value)
  if (parsed.success) return { value: parsed.data, errors: [], warnings }
  const errors = parsed.error.issues.map((issue) => `${file}: ${issueSentence(issue, value)}`)
  return { value: null, errors: [...new Set(errors)], warnings }
}

/** Like `inspect`, for the moment of use: throws UserError with the first error. Without a file the sentence begins with the field. */
export function parseOrThrow<S extends z.ZodType>(schema: S, value: unknown, file: string | null): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const said = issueSentence(parsed.error.issues[0] as z.core.$ZodIssue, value)
  throw new UserError(file === null ? said : `${file}: ${said}`)
}

function issueSentence(issue: z.core.$ZodIssue, whole: unknown): string {
  let found = whole
  for (const key of issue.path) found = (found as Record<PropertyKey, unknown> | undefined)?.[key]
  const field = fieldName(issue.path)
  if (field === '') return `it must be ${issue.message}, not ${show(found)}.`
  const absent = found === undefined || found === null || found === ''
  return absent
    ? `${field} is missing; it must be ${issue.message}.`
    : `${field} must be ${issue.message}, not ${show(found)}.`
}

/** Where a value stands, as people count: `agents.0.history` is `agent 1: history`, `pairs.2` is `pair 3`. */
function fieldName(path: readonly PropertyKey[]): string {
  let name = ''
  for (const key of path.map(String)) {
    if (/^\d+$/.test(key)) name = `${name.replace(/s$/, '')} ${Number(key) + 1}`
    else if (/ \d+$/.test(name)) name = `${name}: ${key}`
    else name = name === '' ? key : `${name}.${key}`
  }
  return name
}

function show(value: unknown): string {
  const json = JSON.stringify(value) ?? String(value)
  return json.length > 60 ? `${json.slice(0, 59)}…` : json
}

/** A warning for each key that the schema does not know, with the nearest one it knows. `at`: where in the file the value stands. */
export function unknownKeySentences(schema: z.ZodType, value: unknown, file: string, at: string[] = []): string[] {
  return unknownKeys(schema, value, at).map(({ path, key, known }) => {
    const near = nearest(key, known, 1)[0]
    return `${file}: ${fieldName([...path, key])} is unknown${near === undefined ? '' : `; nearest: ${near}`}.`
  })
}

interface UnknownKey {
  path: string[]
  key: string
  known: string[]
}

function unknownKeys(schema: z.core.$ZodType, value: unknown, path: string[] = []): UnknownKey[] {
  const inner = unwrapped(schema)
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, i) => unknownKeys(inner.element, item, [...path, String(i)]))
  }
  if (inner instanceof z.ZodUnion) {
    const objects = inner.options.filter((option) => unwrapped(option) instanceof z.ZodObject)
    return objects.length === 1 && isObject(value) ? unknownKeys(objects[0] as z.core.$ZodType, value, path) : []
  }
  if (!(inner instanceof z.ZodObject) || !isObject(value)) return []
  const shape: Record<string, z.core.$ZodType> = inner.shape
  return Object.entries(value).flatMap(([key, each]) => {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined
    if (field) return unknownKeys(field, each, [...path, key])
    return key === 'note' || isOpen(inner) ? [] : [{ path, key, known: Object.keys(shape) }]
  })
}

/** It takes other keys too: what they mean is for others to know. */
const isOpen = (schema: z.ZodObject): boolean =>
  schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever)

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrapped(schema.unwrap())
  // A preprocess has its object at the end, a transform at the beginning.
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in instanceof z.ZodTransform ? schema.out : schema.in)
  return schema
}

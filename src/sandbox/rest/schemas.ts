/**
 * Discord's published schemas (package discord-api-spec), loaded once when first needed: they take a fifth of a second.
 * Bodies that the package's OpenAPI file writes inline, without a name, are written here.
 */
import type { ZodMiniType } from 'zod/mini'
import type { SchemaName } from './route.ts'
import { toErrors } from './schema-errors.ts'

type Spec = Record<string, ZodMiniType>

export interface Schemas {
  /** @returns the refusal's per-field problems, or undefined when the value fits */
  problems(name: SchemaName, value: unknown): { path: string; code: string; message: string }[] | undefined
}

let loading: Promise<Schemas> | undefined

export function loadSchemas(): Promise<Schemas> {
  loading ??= build()
  return loading
}

async function build(): Promise<Schemas> {
  const spec = (await import('discord-api-spec/zod')) as unknown as Spec
  const z = await import('zod/mini')
  const snowflake = spec.SnowflakeTypeSchema as ZodMiniType
  const name = z.string().check(z.minLength(1), z.maxLength(80))
  const picture = z.nullish(z.string())
  const bits = z.nullish(z.union([z.string(), z.number()]))

  /** https://docs.discord.com/developers/resources/webhook, …/emoji, …/channel, …/guild: bodies without a name in the schema */
  const inline: Spec = {
    CreateWebhook: z.object({ name, avatar: picture }),
    EditWebhook: z.object({ name: z.nullish(name), avatar: picture, channel_id: z.nullish(snowflake) }),
    CreateEmoji: z.object({ name: z.string().check(z.minLength(1), z.maxLength(32)), image: z.string() }),
    EditEmoji: z.object({ name: z.string().check(z.minLength(1), z.maxLength(32)) }),
    PutOverwrite: z.object({ type: z.literal([0, 1]), allow: bits, deny: bits }),
    BulkDelete: z.object({ messages: z.array(snowflake).check(z.minLength(2), z.maxLength(100)) }),
    EditOwnMember: z.object({ nick: z.nullish(z.string().check(z.maxLength(32))) }),
    UnknownCallback: z.object({ type: z.literal([1, 4, 5, 6, 7, 8, 9]) }),
    // Choices are judged one by one, by the type of the option (core/choice-rules.ts): the published union names no field.
    AutocompleteCallback: z.object({
      type: z.literal(8),
      data: z.nullish(
        z.object({
          choices: z.nullish(z.array(z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]) }))),
        }),
      ),
    }),
    EditSelf: z.object({ username: z.nullish(z.string().check(z.minLength(1), z.maxLength(32))), avatar: picture }),
  }

  const known = new Map<SchemaName, ZodMiniType>()
  const find = (wanted: SchemaName): ZodMiniType => {
    const cached = known.get(wanted)
    if (cached) return cached
    const made = make(wanted)
    known.set(wanted, made)
    return made
  }
  const make = (wanted: SchemaName): ZodMiniType => {
    if (wanted.includes('|')) return z.union(wanted.split('|').map(find) as [ZodMiniType, ...ZodMiniType[]])
    if (wanted.endsWith('[]')) return z.array(find(wanted.slice(0, -2)))
    const schema = inline[wanted] ?? spec[`${wanted}Schema`]
    if (!schema) throw new Error(`discord-api-spec has no schema ${wanted}`)
    return schema
  }

  return {
    problems(wanted, value) {
      const result = find(wanted).safeParse(value, { reportInput: true })
      const problems = result.success ? [] : toErrors(result.error.issues)
      return problems.length > 0 ? problems : undefined
    },
  }
}

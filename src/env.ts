import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { z } from 'zod'
import { UserError } from './core/errors.ts'

// The text of each error says what the variable should be: `PORT should be <text>.`

const word = (what: string) => z.string().regex(/^\S+$/, { error: `${what}, without white space` })
const secret = word('the key itself').optional()

const address = (what: string) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), { error: what })
    .transform((value) => value.replace(/\/+$/, ''))

const onOff = (otherwise: 'on' | 'off') =>
  z
    .enum(['on', 'off'], { error: 'on or off' })
    .default(otherwise)
    .transform((value) => value === 'on')

const yesNo = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['1', 'true', 'yes', 'on', '0', 'false', 'no', 'off'], { error: '1 or 0' }))
  .transform((value) => ['1', 'true', 'yes', 'on'].includes(value))
  .default(false)

const port = 'a whole number from 0 to 65535'
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const schema = z.object({
  DISCORD_TOKEN: word("a bot's token as the developer portal shows it").optional(),
  DISCORD_API_URL: address('an http(s) address without the version, like http://127.0.0.1:8788/api')
    .refine((value) => !/\/v\d+$/.test(value), {
      error: 'an address without the version: leave out the /v… at its end',
    })
    .optional(),
  DISCORD_GUILD_ID: z
    .string()
    .regex(/^\d{15,21}$/, { error: "a server's id, 17 to 20 digits" })
    .optional(),
  ANTHROPIC_API_KEY: secret,
  OPENAI_API_KEY: secret,
  OPENROUTER_API_KEY: secret,
  ANTHROPIC_BASE_URL: address('an http(s) address without /v1')
    .refine((value) => !value.endsWith('/v1'), { error: 'an address without /v1: leave it out' })
    .optional(),
  OPENAI_BASE_URL: address('an http(s) address, like https://api.openai.com/v1').optional(),
  OPENROUTER_BASE_URL: address('an http(s) address, like https://openrouter.ai/api/v1').optional(),
  OLLAMA_BASE_URL: address('an http(s) address with /v1, like http://127.0.0.1:11434/v1').optional(),
  WORLD_INTERFACE_KEY: secret,
  SUPABASE_URL: address('an http(s) address, like https://<project>.supabase.co').optional(),
  SUPABASE_KEY: secret,
  SUPABASE_SERVICE_ROLE_KEY: secret,
  SUPABASE_ANON_KEY: secret,
  BACKROOMS_AUTO_SYNC: yesNo,
  /** A folder. */
  DATA_DIR: z.string().default('var'),
  HOST: word('a host name or address').default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: port })
    .transform(Number)
    .pipe(z.int().max(65_535, { error: port }))
    .default(8787),
  MCP_CONFIG: z.string().optional(),
  MCP_SERVERS_CONFIG: z.string().optional(),
  /** Hosts from which media may be fetched although their addresses are private. */
  MEDIA_ALLOW_HOSTS: z
    .string()
    .transform((value) =>
      value
        .toLowerCase()
        .split(/[\s,]+/)
        .filter((host) => host !== ''),
    )
    .refine((hosts) => hosts.every((host) => /^[^/@]+$/.test(host)), {
      error: 'host names with commas between, without http://',
    })
    .default([]),
  BACKROOMS_MCP_TOKEN: word('a token of your own').optional(),
  STREAM: onOff('on'),
  SANDBOX_LIMITS: onOff('on'),
  LOG_LEVEL: z.enum(levels, { error: `one of ${levels.join(', ')}` }).default('info'),
})

export type Env = Omit<
  z.output<typeof schema>,
  'MCP_CONFIG' | 'MCP_SERVERS_CONFIG' | 'SUPABASE_SERVICE_ROLE_KEY' | 'SUPABASE_ANON_KEY'
> & {
  /** Path of the MCP servers' file, from whichever variable names it. */
  MCP_CONFIG: string
  /** Every variable that is set, by name, as text: what `${NAME}` in a server's `env` refers to. Holds secrets. */
  named: Readonly<Record<string, string>>
}

/**
 * The environment, with what `.env` in the project's folder adds to it. An empty variable counts as absent.
 *
 * @throws UserError naming each wrong variable and what it should be, never its value.
 */
export function readEnv(root: string, variables: NodeJS.ProcessEnv = process.env): Env {
  const named: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...dotEnv(join(root, '.env')), ...variables })) {
    if (value !== undefined && value.trim() !== '') named[name] = value.trim()
  }
  const parsed = schema.safeParse(named)
  if (!parsed.success) {
    const wrong = new Map(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]))
    throw new UserError([...wrong].map(([name, what]) => `${name} should be ${what}.`).join('\n'))
  }
  const { MCP_CONFIG, MCP_SERVERS_CONFIG, SUPABASE_KEY, SUPABASE_SERVICE_ROLE_KEY, SUPABASE_ANON_KEY, ...env } =
    parsed.data
  for (const name of ADDRESSES) if (env[name] !== undefined) named[name] = env[name]
  return {
    ...env,
    MCP_CONFIG: MCP_CONFIG ?? MCP_SERVERS_CONFIG ?? 'mcp.config.json',
    SUPABASE_KEY: SUPABASE_KEY ?? SUPABASE_SERVICE_ROLE_KEY ?? SUPABASE_ANON_KEY,
    named,
  }
}

/** Without the slashes that may have stood at their ends. */
const ADDRESSES = ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL', 'OPENROUTER_BASE_URL', 'OLLAMA_BASE_URL'] as const

/** Says of each variable that is set and not used, though one could think so, what holds in its stead. */
export function unusedIn(env: Pick<Env, 'named' | 'DATA_DIR' | 'BACKROOMS_AUTO_SYNC' | 'SUPABASE_URL'>): string[] {
  const database = `DATABASE_URL is set but not used: runs are kept in SQLite, in ${join(env.DATA_DIR, 'backrooms.db')}.`
  const sync = 'BACKROOMS_AUTO_SYNC is set but not used: SUPABASE_URL is not, so ended runs stay on this machine.'
  return [
    ...(env.named.DATABASE_URL === undefined ? [] : [database]),
    ...(env.BACKROOMS_AUTO_SYNC && env.SUPABASE_URL === undefined ? [sync] : []),
  ]
}

function dotEnv(path: string): Record<string, string> {
  return existsSync(path) ? parse(readFileSync(path)) : {}
}

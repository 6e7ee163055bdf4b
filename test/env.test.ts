import { expect, test } from 'vitest'
import { readEnv, unusedIn } from '../src/env.ts'
import { project } from './config/project.ts'

const read = (variables: Record<string, string>, dotEnv?: string) =>
  readEnv(project(dotEnv === undefined ? {} : { '.env': dotEnv }), variables)

test('nothing set: every default', () => {
  const env = read({})
  expect(env).toMatchObject({
    DATA_DIR: 'var',
    HOST: '127.0.0.1',
    PORT: 8787,
    MCP_CONFIG: 'mcp.config.json',
    BACKROOMS_AUTO_SYNC: false,
    STREAM: true,
    SANDBOX_LIMITS: true,
    MEDIA_ALLOW_HOSTS: [],
    LOG_LEVEL: 'info',
  })
  expect(env.DISCORD_TOKEN).toBeUndefined()
})

test('.env adds to the environment and does not override it; an empty variable is absent', () => {
  const env = read({ PORT: '9000', DISCORD_TOKEN: '' }, 'PORT=1\nOPENAI_API_KEY="k1"\nDISCORD_TOKEN=t\n')
  expect(env.PORT).toBe(9000)
  expect(env.OPENAI_API_KEY).toBe('k1')
  expect(env.DISCORD_TOKEN).toBeUndefined()
  expect(env.named).toEqual({ PORT: '9000', OPENAI_API_KEY: 'k1' })
})

test('other names for the same', () => {
  expect(read({ MCP_SERVERS_CONFIG: 'theirs.json' }).MCP_CONFIG).toBe('theirs.json')
  expect(read({ MCP_SERVERS_CONFIG: 'theirs.json', MCP_CONFIG: 'ours.json' }).MCP_CONFIG).toBe('ours.json')
  expect(read({ SUPABASE_ANON_KEY: 'anon' }).SUPABASE_KEY).toBe('anon')
  expect(read({ SUPABASE_ANON_KEY: 'anon', SUPABASE_SERVICE_ROLE_KEY: 'service' }).SUPABASE_KEY).toBe('service')
  expect(read({ SUPABASE_SERVICE_ROLE_KEY: 'service', SUPABASE_KEY: 'key' }).SUPABASE_KEY).toBe('key')
})

test('texts become what they mean', () => {
  const env = read({
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1/',
    MEDIA_ALLOW_HOSTS: 'LocalHost, 10.0.0.1:80',
    BACKROOMS_AUTO_SYNC: 'TRUE',
    STREAM: 'off',
    PORT: '0',
  })
  expect(env).toMatchObject({
    ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
    MEDIA_ALLOW_HOSTS: ['localhost', '10.0.0.1:80'],
    BACKROOMS_AUTO_SYNC: true,
    STREAM: false,
    PORT: 0,
  })
  expect(env.named.ANTHROPIC_BASE_URL).toBe('http://127.0.0.1:1')
})

test.each([
  ['PORT', '70000', /^PORT should be a whole number from 0 to 65535\.$/],
  ['PORT', '80a', /^PORT should be a whole number/],
  ['DISCORD_GUILD_ID', 'my server', /^DISCORD_GUILD_ID should be a server's id, 17 to 20 digits\.$/],
  ['DISCORD_TOKEN', 'Bot abc', /^DISCORD_TOKEN should be a bot's token .* without white space\.$/],
  ['DISCORD_API_URL', 'localhost:8788', /^DISCORD_API_URL should be an http\(s\) address/],
  ['DISCORD_API_URL', 'http://x/api/v10', /^DISCORD_API_URL should be an address without the version/],
  ['ANTHROPIC_BASE_URL', 'https://api.anthropic.com/v1/', /^ANTHROPIC_BASE_URL should be an address without \/v1/],
  ['SUPABASE_URL', 'ftp://x', /^SUPABASE_URL should be an http\(s\) address/],
  ['MEDIA_ALLOW_HOSTS', 'http://x/', /^MEDIA_ALLOW_HOSTS should be host names/],
  ['BACKROOMS_AUTO_SYNC', 'maybe', /^BACKROOMS_AUTO_SYNC should be 1 or 0\.$/],
  ['STREAM', 'yes', /^STREAM should be on or off\.$/],
  ['LOG_LEVEL', 'loud', /^LOG_LEVEL should be one of trace, debug,/],
])('%s=%s is refused by name', (name, value, sentence) => {
  expect(() => read({ [name]: value })).toThrow(sentence)
})

test('several wrong variables are named together, their values never', () => {
  expect(() => read({ OPENAI_API_KEY: 'sk secret', PORT: 'x' })).toThrow(
    /^OPENAI_API_KEY should be the key itself, without white space\.\nPORT should be [^x]*$/,
  )
})

test('a variable that is not used stops nothing, and is named', () => {
  expect(unusedIn(read({}))).toEqual([])
  expect(unusedIn(read({ DATABASE_URL: 'mysql://x' }))).toEqual([
    expect.stringMatching(/^DATABASE_URL.*not used.*var.backrooms\.db/),
  ])
  expect(unusedIn(read({ BACKROOMS_AUTO_SYNC: '1', SUPABASE_URL: 'https://x.supabase.co' }))).toEqual([])
  expect(unusedIn(read({ BACKROOMS_AUTO_SYNC: '1' }))).toEqual([
    expect.stringMatching(/^BACKROOMS_AUTO_SYNC.*not used/),
  ])
})

/** `npm run sandbox`: the sandbox alone, for rehearsals of any Discord bot. */
import { join, resolve } from 'node:path'
import { startSandbox } from './server.ts'

const root = resolve(import.meta.dirname, '../..')
const { DATA_DIR = 'var', HOST = '127.0.0.1', PORT = '8788', SANDBOX_LIMITS = 'on' } = process.env

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

const HELP = `npm run sandbox: a stand-in for Discord on this machine alone, to rehearse any bot in.

It prints the address to open in a browser, and the DISCORD_API_URL and DISCORD_TOKEN that a bot joins with.
Environment:
  PORT            8788      0: any free one
  HOST            127.0.0.1 a loopback name or address
  DATA_DIR        var       its state is kept in DATA_DIR/sandbox
  SANDBOX_LIMITS  on        off lifts the rate limits
What tests and other programs can do there: src/sandbox/README.md
`

const [argument] = process.argv.slice(2)
if (argument === '--help' || argument === '-h') {
  process.stdout.write(HELP)
  process.exit(0)
}
if (argument !== undefined) {
  process.stderr.write(`npm run sandbox takes no argument ${argument}.\n\n${HELP}`)
  process.exit(2)
}

const port = Number(PORT)
if (!Number.isInteger(port) || port < 0 || port > 65535)
  fail(`PORT must be a port number from 0 to 65535, not ${PORT}.`)
if (SANDBOX_LIMITS !== 'on' && SANDBOX_LIMITS !== 'off')
  fail(`SANDBOX_LIMITS must be on or off, not ${SANDBOX_LIMITS}.`)

const sandbox = await startSandbox({
  dataDir: join(resolve(root, DATA_DIR), 'sandbox'),
  host: HOST,
  port,
  limits: SANDBOX_LIMITS,
}).catch((error: Error) => fail(`The sandbox could not start: ${error.message}`))

let ending = false
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (ending) return
    ending = true
    void sandbox.close().then(() => process.exit(0))
  })
}

process.stdout.write(
  `The sandbox is at ${sandbox.url} (DISCORD_API_URL=${sandbox.apiUrl}, DISCORD_TOKEN=${sandbox.token})\n`,
)

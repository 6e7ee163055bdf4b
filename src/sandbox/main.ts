/** `npm run sandbox`: the sandbox alone, for rehearsals of any Discord bot. */
import { join, resolve } from 'node:path'
import { startSandbox } from './server.ts'

const root = resolve(import.meta.dirname, '../..')
const { DATA_DIR = 'var', HOST = '127.0.0.1', PORT = '8788', SANDBOX_LIMITS = 'on' } = process.env

function fail(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
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

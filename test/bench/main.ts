import { spawnSync } from 'node:child_process'

// `npm run bench` measures everything, `npm run bench -- engine cache` some. Each part runs in a process of its own. The machine may be shared and
// noisy: compare figures within one run only.

const PARTS: Record<string, () => Promise<object>> = {
  engine: async () => (await import('./engine.ts')).engineFigures(),
  crowd: async () => (await import('./crowd.ts')).crowdFigures(),
  posted: async () => (await import('./crowd.ts')).postedFigures(),
  bot: async () => (await import('./bot.ts')).botFigures(),
  cache: async () => (await import('./cache.ts')).cacheFigures(),
  posting: async () => (await import('./posting.ts')).postingFigures(),
  kill: async () => (await import('./kill.ts')).killFigures(),
  rounds: async () => (await import('./rounds.ts')).roundFigures(),
  mcp: async () => (await import('./mcp.ts')).mcpFigures(),
  planning: async () => (await import('./batch.ts')).planningFigures(),
  batch: async () => (await import('./batch.ts')).batchOverheadFigures(),
  dreams: async () => (await import('./batch.ts')).dreamSearchFigures(),
  archive: async () => (await import('./batch.ts')).archiveSearchFigures(),
  import: async () => (await import('./batch.ts')).importFigures(),
  sandbox: async () => (await import('./sandbox.ts')).sandboxFigures(),
}

const [first, ...rest] = process.argv.slice(2)
if (first === '--here' && rest[0]) {
  process.stdout.write(`${JSON.stringify(await PARTS[rest[0]]?.())}\n`)
  process.exit(0)
}

const wanted = first === undefined ? Object.keys(PARTS) : [first, ...rest]
let failed = false
for (const name of wanted) {
  if (!(name in PARTS)) {
    process.stderr.write(`There is no part ${name}; there are ${Object.keys(PARTS).join(', ')}.\n`)
    process.exit(2)
  }
  process.stdout.write(`\n${name}\n`)
  const child = spawnSync(process.execPath, [import.meta.filename, '--here', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  failed ||= child.status !== 0
  const figures =
    child.status === 0
      ? (JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '{}') as object)
      : { failed: child.status }
  for (const [figure, value] of Object.entries(figures))
    process.stdout.write(`  ${figure.padEnd(34)} ${JSON.stringify(value)}\n`)
}
process.exit(failed ? 1 : 0)

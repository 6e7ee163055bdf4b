import { setTimeout as sleep } from 'node:timers/promises'
import { messageEvents, ProviderServer } from '../models/provider-server.ts'

// A provider as a process of its own, so that its work is not counted as ours: `node provider.ts <latency in ms>`. Prints its address. An answer begins at once and
// ends after the latency. `GET /calls?since=<ms since 1970>`: how many answers it has given, and how many of the runs (their prompts say "run N") have called since.

const latency = Number(process.argv[2] ?? 0)
const events = messageEvents(['A tide pool keeps its own calendar. ', 'The limpets know it by taste.'])
const [head, tail] = [events.slice(0, 4).join(''), events.slice(4).join('')]
const lastCall = new Map<string, number>()
let answered = 0

const provider = await new ProviderServer().start()
provider.respond = async (response, { path, body }) => {
  provider.received.length = 0
  if (path.startsWith('/calls')) {
    const since = Number(new URL(path, provider.url).searchParams.get('since'))
    const runs = [...lastCall.values()].filter((at) => at >= since).length
    response.end(JSON.stringify({ answered, runs }))
    return
  }
  const run = /run \d+/.exec(JSON.stringify(body.system))?.[0]
  if (run) lastCall.set(run, Date.now())
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(head)
  if (latency > 0) await sleep(latency)
  response.end(tail)
  answered++
}
process.stdout.write(`${provider.url}\n`)

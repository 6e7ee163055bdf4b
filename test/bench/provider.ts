import { setTimeout as sleep } from 'node:timers/promises'
import { messageEvents, ProviderServer } from '../models/provider-server.ts'

// A provider as a process of its own, so that its work is not counted as ours: `node provider.ts <latency in ms>`. Prints its address.

const latency = Number(process.argv[2] ?? 0)
const events = messageEvents(['A tide pool keeps its own calendar. ', 'The limpets know it by taste.']).join('')
const provider = await new ProviderServer().start()
provider.respond = async (response) => {
  if (latency > 0) await sleep(latency)
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(events)
  provider.received.length = 0
}
process.stdout.write(`${provider.url}\n`)

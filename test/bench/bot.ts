import { startTown } from '../kill/town.ts'
import { messageEvents } from '../models/provider-server.ts'
import { percentile, round } from './crew.ts'

const COMMANDS = 60

/** What a person waits for, with real processes: from a command to its answer, from a first token to its text in the thread, from start to ready. */
export async function botFigures() {
  const town = await startTown({ env: { STREAM: 'on' } })
  const firstTokens = new Map<string, number>()
  let nth = 0
  town.provider.respond = async (response) => {
    const mark = `mark-${nth++}`
    const events = messageEvents([`${mark} begins. `, 'And so it goes on. ', 'And it ends.'])
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(events.slice(0, 4).join(''))
    firstTokens.set(mark, Date.now())
    await new Promise((done) => setTimeout(done, 2000))
    response.end(events.slice(4).join(''))
  }
  const from = performance.now()
  await town.startBot()
  const ready = performance.now() - from
  const idleMb = town.botResidentMb()

  const idle = await answers(town)
  const seen = watch(town)
  for (let run = 0; run < 100; run++) {
    await town.command('/backrooms start opus sonnet roleplay', run % 2 ? 'backrooms' : 'general')
  }
  const busy = await answers(town)
  await new Promise((done) => setTimeout(done, 8000))
  const busyMb = town.botResidentMb()
  const marks = await seen()
  const tokenToText = [...marks].flatMap(([mark, at]) => at - (firstTokens.get(mark) ?? at))
  await town.close()
  return {
    ready_ms: round(ready, 0),
    resident_idle_mb: idleMb,
    resident_100_runs_mb: busyMb,
    per_run_kb: round(((busyMb - idleMb) * 1024) / 100, 0),
    command_idle_p50_ms: round(percentile(idle, 0.5), 1),
    command_idle_p99_ms: round(percentile(idle, 0.99), 1),
    command_100_runs_p50_ms: round(percentile(busy, 0.5), 1),
    command_100_runs_p99_ms: round(percentile(busy, 0.99), 1),
    first_token_to_text_p50_ms: round(percentile(tokenToText, 0.5), 0),
    first_token_to_text_p99_ms: round(percentile(tokenToText, 0.99), 0),
  }
}

type Town = Awaited<ReturnType<typeof startTown>>

/** From the door to the answer of a command that only reads: the bot's acknowledgement with a little on top. */
async function answers(town: Town): Promise<number[]> {
  const times: number[] = []
  for (let nth = 0; nth < COMMANDS; nth++) {
    const from = performance.now()
    await town.command('/backrooms templates', 'logs')
    times.push(performance.now() - from)
  }
  return times
}

/** When each mark first stood in a message, read from the sandbox's record of dispatches. */
function watch(town: Town): () => Promise<Map<string, number>> {
  return async () => {
    const seen = new Map<string, number>()
    for (const thread of await town.threads()) {
      for (const { content, timestamp } of (await town.messages(thread.id)) as unknown as {
        content: string
        timestamp: string
      }[]) {
        const mark = /mark-\d+/.exec(content)?.[0]
        if (mark && !seen.has(mark)) seen.set(mark, Date.parse(timestamp))
      }
    }
    return seen
  }
}

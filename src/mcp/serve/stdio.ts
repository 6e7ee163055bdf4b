import { once } from 'node:events'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { UserError } from '../../core/errors.ts'
import type { Steering } from '../../core/steering.ts'
import type { ServeParts } from './parts.ts'
import { backroomsServer } from './server.ts'

export interface StdioParts extends Omit<ServeParts, 'place' | 'elsewhere' | 'steering' | 'purse'> {
  steering: Pick<Steering, 'start' | 'say' | 'stop' | 'resume' | 'pause'>
}

/**
 * Our MCP server over stdin and stdout, until the client closes stdin or `signal` aborts. Nothing else may write to stdout meanwhile.
 *
 * Who drives a run: the process that began it, or resumed it last (`run.driver`). Runs begun here belong to no Discord server, open no
 * thread, and are driven by this process's engine; a bot beside it, on the same store, takes up none of them. A bot's runs can be read
 * here, and are steered over the bot's own `/mcp`. When the client goes, the runs driven here are paused with that as their reason;
 * `resume_run` takes them up again. The caller then drains its engine.
 */
export async function serveStdio(parts: StdioParts, signal: AbortSignal): Promise<void> {
  const { steering } = parts
  const driven = new Set<string>()
  const server = backroomsServer({
    ...parts,
    steering: {
      async start(...args) {
        const run = await steering.start(...args)
        driven.add(run.id)
        return run
      },
      async resume(id) {
        driven.add(id)
        return steering.resume(id)
      },
      say: (...args) => steering.say(...args),
      stop: (...args) => steering.stop(...args),
    },
    // Caps belong to Discord servers.
    purse: { refusal: async () => null },
    place(channel, person) {
      if (channel === null) return { guild_id: null, channel_id: null, person }
      throw new UserError(
        "A run that is started over stdio opens no thread: leave out channel, or use the bot's own /mcp (BACKROOMS_MCP_TOKEN).",
      )
    },
    elsewhere: (run) =>
      run.driver !== null || run.status === 'ended'
        ? null
        : `Run ${run.id} belongs to the Discord bot: steer it in Discord, or over the bot's own /mcp (BACKROOMS_MCP_TOKEN).`,
  })
  const ended = new AbortController()
  server.server.onclose = () => ended.abort()
  await server.connect(new StdioServerTransport())
  const until = AbortSignal.any([signal, ended.signal])
  await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'close'), aborted(until)])
  for (const id of driven) await pauseIfGoing(parts, id)
  await server.close()
}

async function pauseIfGoing({ store, steering, log }: StdioParts, id: string): Promise<void> {
  try {
    if ((await store.run(id))?.status !== 'going') return
    await steering.pause(id, 'The program that drove it over MCP went away.')
  } catch (err) {
    log.warn({ run: id, err }, 'a run could not be paused')
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

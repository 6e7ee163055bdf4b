import type { PostingTool } from '../config/preset.ts'
import { channelLane, type KeptFile, type NewDelivery, type Persona, runLane } from '../core/delivery.ts'
import { UserError } from '../core/errors.ts'
import type { ToolAnswer } from '../core/mcp.ts'
import type { Run } from '../core/run.ts'
import { sentence } from '../core/sentence.ts'
import { shorten } from '../core/shorten.ts'
import { split } from '../core/split.ts'
import type { Observed } from './observer.ts'

/** Where a server's channels are found, by name or id. */
export interface Channels {
  find(guildId: string, nameOrId: string): Promise<string | null>
  /** What that server is called; null or absent: nobody knows. */
  serverName?(guildId: string): string | null
  /** How far that server is boosted, 0 to 3; absent: not at all. */
  boostTier?(guildId: string): number
}

/** A tool of another MCP server that posts for us. */
export interface Poster {
  call(
    server: string,
    tool: string,
    args: Record<string, unknown>,
    options: { signal: AbortSignal },
  ): Promise<ToolAnswer>
}

/** Takes what a run without a channel would post: the terminal shows it. */
export type Aside = (run: Run, who: string, text: string, files: KeptFile[]) => void

export interface Posting {
  run: Run
  /** Who posts, for messages to people: `chronicle`. */
  who: string
  persona: Persona
  /** What the preset says; absent: the bot itself, in the run's thread. */
  tool: PostingTool | undefined
  /** Overrides the tool's own channel. */
  channel?: string | undefined
  /** Overrides the tool's own server. The bot itself posts in the run's server alone, and says so of another. */
  server?: string | undefined
}

/** The tool answered that it failed: throws UserError with what it says. */
export function refuse(answer: ToolAnswer, where: string): void {
  if (!answer.isError) return
  const text = answer.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ')
  const said = sentence(shorten(text.trim(), 300))
  throw new UserError(text.trim() === '' ? `${where} failed without saying why.` : `${where} failed: ${said}`)
}

/** Posts texts (and files) where a preset wants them: by the bot itself, or through another MCP server's tool. */
export async function post(
  { run, who, persona, tool, channel: wanted, server }: Posting,
  posts: { text: string; files?: KeptFile[] }[],
  parts: { channels: Channels; mcp: Poster; aside?: Aside },
  signal: AbortSignal,
): Promise<Pick<Observed, 'deliveries' | 'tell'>> {
  if (posts.length === 0) return { deliveries: [] }
  const channel = wanted ?? tool?.defaults.channel ?? null
  if (tool && tool.server !== 'discord') {
    for (const { text } of posts) {
      const place = { ...(channel === null ? {} : { channel }), ...(server === undefined ? {} : { server }) }
      const args = { ...tool.defaults, ...place, message: text }
      refuse(await parts.mcp.call(tool.server, tool.name, args, { signal }), `${tool.server}/${tool.name}`)
    }
    return { deliveries: [] }
  }
  const found = await foundChannel(run, channel, parts.channels)
  if (found === null && run.channel_id === null) {
    for (const { text, files } of posts) parts.aside?.(run, persona.name, text, files ?? [])
    return { deliveries: [] }
  }
  const lane = found === null ? runLane(run.id) : channelLane(found)
  const missing = {
    key: `channel:${who}:${channel}`,
    remark: `There is no channel \`${channel}\` here: ${who} posts in this thread.`,
  }
  const other = otherServer(run, server ?? tool?.defaults.server, parts.channels)
  const abroad = {
    key: `server:${who}:${other}`,
    remark: `\`${other}\` is another server: ${who} posts in this one alone.`,
  }
  const tell = [...(other === null ? [] : [abroad]), ...(channel !== null && found === null ? [missing] : [])]
  return {
    deliveries: posts.flatMap(({ text, files }) => deliveriesOf(run, lane, persona, text, files ?? [])),
    ...(tell.length === 0 ? {} : { tell }),
  }
}

/** The same text for all that posts at the same place. */
export async function placeOf(
  { run, tool, channel: wanted }: Pick<Posting, 'run' | 'tool' | 'channel'>,
  channels: Channels,
): Promise<string> {
  const channel = wanted ?? tool?.defaults.channel ?? null
  if (tool && tool.server !== 'discord') return JSON.stringify([tool.server, tool.name, channel, tool.defaults.server])
  return (await foundChannel(run, channel, channels)) ?? runLane(run.id)
}

async function foundChannel(run: Run, channel: string | null, channels: Channels): Promise<string | null> {
  return channel === null || run.guild_id === null ? null : channels.find(run.guild_id, channel)
}

/** The server that was asked for, by name or id, if it is not the run's. */
function otherServer(run: Run, wanted: string | null | undefined, channels: Channels): string | null {
  if (!wanted || run.guild_id === null || wanted === run.guild_id) return null
  const name = channels.serverName?.(run.guild_id) ?? null
  return name?.toLowerCase() === wanted.toLowerCase() ? null : wanted
}

/** A long text becomes several messages; files come with the last. */
function deliveriesOf(run: Run, lane: string, persona: Persona, text: string, files: KeptFile[]): NewDelivery[] {
  const pieces = text === '' ? [''] : split(text).map(({ content }) => content)
  return pieces.map((content, at) => ({
    lane,
    run_id: run.id,
    guild_id: run.guild_id,
    body: { kind: 'post', persona, text: content, files: at === pieces.length - 1 ? files : [] },
  }))
}

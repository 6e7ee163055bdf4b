import { escapeMarkdown } from 'discord.js'
import { isObject } from '../../src/config/fields.ts'
import { jsonFault } from '../../src/config/json-fault.ts'
import { UserError } from '../../src/core/errors.ts'
import { shorten } from '../../src/core/shorten.ts'
import { strangeArguments } from '../../src/core/strange-arguments.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { completeMcp, jsonOption, serverOption, toolOption } from '../../src/discord/mcp-options.ts'
import { requireManager } from '../../src/discord/permissions.ts'
import { deferPrivately, tellPrivately } from '../../src/discord/replies.ts'
import { answerReply } from '../../src/discord/tool-answer.ts'

/** An interaction can be answered for 15 minutes. */
const PATIENCE_MS = 14 * 60_000

export default {
  data: { name: 'call', description: 'Call a tool by hand', options: [serverOption, toolOption, jsonOption] },
  async execute(interaction, room) {
    requireManager(interaction.member, 'call tools')
    await deferPrivately(interaction)
    const [server, tool] = [interaction.options.getString('server', true), interaction.options.getString('tool', true)]
    const args = argumentsFrom(interaction.options.getString('json') ?? '{}')
    const began = Date.now()
    const answer = await room.mcp.call(server, tool, args, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const name = `\`${`${server}/${tool}`.replaceAll('`', 'ˋ')}\``
    const took = `${((Date.now() - began) / 1000).toFixed(1)} s`
    // The list is kept with the connection, and was looked at for the call; should it be gone, there is an answer all the same.
    const tools = await room.mcp.tools(server).catch(() => [])
    const schema = tools.find((each) => each.name === tool)?.inputSchema ?? {}
    const notes = strangeArguments(schema, args).map((note) => `-# ⚠️ ${shorten(escapeMarkdown(note), 300)}\n`)
    const said = answer.isError ? `⚠️ ${name} says that it failed:` : `${name}, ${took}:`
    const head = `${notes.slice(0, 3).join('')}${said}`
    await tellPrivately(interaction, answerReply(answer, head, interaction.attachmentSizeLimit))
  },
  autocomplete: completeMcp,
} satisfies SlashCommand

function argumentsFrom(json: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    const { column, what } = jsonFault(json)
    throw new UserError(`json is broken at character ${column}: ${what}. It should be like {"prompt": "a door"}.`)
  }
  if (!isObject(value)) throw new UserError('json must be an object, like {"prompt": "a door"}.')
  return value
}

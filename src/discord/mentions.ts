import { cleanContent, type Message } from 'discord.js'
import { UserError } from '../core/errors.ts'
import type { Run } from '../core/run.ts'
import { personOf } from './people.ts'
import type { Room } from './room.ts'

/**
 * A message that mentions the bot in a run's thread joins the conversation as its author's turn. All other messages are left alone.
 * The answer is a reaction: a message of the bot's would stand between the turns.
 */
export async function hear(message: Message, room: Room): Promise<void> {
  try {
    if (!(await isForRun(message))) return
    const [run] = await room.store.runs({ thread_id: message.channelId, limit: 1 })
    if (!run || !message.inGuild()) return
    if (run.status === 'ended') return await sayItIsOver(message, run, room)
    const text = withoutMention(message)
    if (text === '') return
    if (!(await isNew(message, room))) return
    await room.steering.say(run.id, personOf(message.member ?? message.author), text, { posted: message.id })
    await react(message, '👂', room)
  } catch (error) {
    const what = { message: message.id, channel: message.channelId }
    if (error instanceof UserError)
      room.log.debug({ ...what, reason: error.message }, 'a message could not join its run')
    else room.log.error({ ...what, err: error }, 'a message could not join its run')
    await react(message, '⚠️', room)
  }
}

/** The newest messages that were heard. */
const heard = new Set<string>()
const REMEMBERED = 1000

/** The gateway may tell of a message twice, even at once; an earlier process may have heard it. */
async function isNew({ id }: Message, room: Room): Promise<boolean> {
  if (heard.has(id)) return false
  heard.add(id)
  if (heard.size > REMEMBERED) heard.delete(heard.values().next().value as string)
  return (await room.store.deliveryOfMessage(id)) === null
}

/** Runs whose people were told in words: once is enough, after that a sign will do. */
const told = new Set<string>()

/** Nobody hears it, and the message has opened the thread, which is archived again. */
async function sayItIsOver(message: Message<true>, run: Run, room: Room): Promise<void> {
  if (told.has(run.id)) await react(message, '⚠️', room)
  else {
    told.add(run.id)
    await message.reply(
      `This run has ended (\`${run.end_reason}\`), so nobody here can hear you. To go on with it, use \`/backrooms fork\` here, or **Fork from here** on any of its messages.`,
    )
  }
  if (message.channel.isThread() && !message.channel.locked) await message.channel.setArchived(true)
}

async function isForRun(message: Message): Promise<boolean> {
  const me = message.client.user
  if (!me || message.author.bot || message.webhookId !== null || message.system) return false
  return message.inGuild() && message.channel.isThread() && message.mentions.has(me, MENTION)
}

/** Only the bot itself: not a role it happens to have, and not everyone. Replies to its messages count when they ping it. */
const MENTION = { ignoreEveryone: true, ignoreRoles: true }

/** What was said, with the bot's mention taken out and other mentions as the names people see. */
function withoutMention(message: Message<true>): string {
  const mention = new RegExp(`[ \\t]*<@!?${message.client.user.id}>[ \\t]*`, 'g')
  const text = message.content.replace(mention, (_, at: number) => (at === 0 ? '' : ' '))
  return cleanContent(text, message.channel).trim()
}

async function react(message: Message, emoji: string, room: Room): Promise<void> {
  try {
    await message.react(emoji)
  } catch (err) {
    // Without the permission Add Reactions, or in a thread that has just been closed, silence will do.
    room.log.debug({ err, message: message.id }, 'could not react to a message')
  }
}

import {
  type AutocompleteInteraction,
  DiscordAPIError,
  type Interaction,
  type InteractionReplyOptions,
  MessageFlags,
  RESTJSONErrorCodes,
} from 'discord.js'

export type Answerable = Exclude<Interaction, AutocompleteInteraction>

/** Discord waits 3 s for the first answer; what is quick is answered at once and needs no acknowledgement before. */
const SOON_MS = 250
/** In an archived thread a reply can be sent but not edited (50083), so the acknowledgement waits as long as it can. */
const LATE_MS = 2000

interface Wait {
  timer: NodeJS.Timeout
  sent: Promise<void> | null
}

const waits = new WeakMap<Answerable, Wait>()

/** For what may take seconds: acknowledges at once, which gives 15 minutes to answer, to the person alone. */
export async function deferPrivately(interaction: Answerable): Promise<void> {
  if (isArchived(interaction)) deferSoon(interaction)
  else await defer(interaction)
}

/** For what is normally quick: acknowledges only if there is no answer soon. */
export function deferSoon(interaction: Answerable): void {
  const wait: Wait = {
    timer: setTimeout(
      () => {
        wait.sent = defer(interaction)
        // Whoever answers awaits it, and learns of the failure there.
        wait.sent.catch(() => undefined)
      },
      isArchived(interaction) ? LATE_MS : SOON_MS,
    ),
    sent: null,
  }
  waits.set(interaction, wait)
}

/** How long an answer may take before a deferred one is due, ms. */
export const patienceOf = (interaction: Answerable): number => (isArchived(interaction) ? LATE_MS - 500 : 10_000)

/** Says something to the person alone, whatever was answered before. */
export async function tellPrivately(interaction: Answerable, reply: string | InteractionReplyOptions): Promise<void> {
  const message = typeof reply === 'string' ? { content: reply } : reply
  const wait = waits.get(interaction)
  if (wait) clearTimeout(wait.timer)
  waits.delete(interaction)
  await wait?.sent
  if (interaction.deferred && !interaction.replied) {
    const { flags: _, ...edit } = message
    await inOpenThread(interaction, () => interaction.editReply(edit))
  } else if (interaction.replied) {
    await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral })
  } else {
    await acknowledging(() => interaction.reply({ ...message, flags: MessageFlags.Ephemeral }))
  }
}

async function defer(interaction: Answerable): Promise<void> {
  await acknowledging(() => interaction.deferReply({ flags: MessageFlags.Ephemeral }))
  interaction.deferred = true
}

/** A run that ends archives its thread, maybe between an acknowledgement and its answer: it is opened for the moment of the edit. */
async function inOpenThread({ channel }: Answerable, edit: () => Promise<unknown>): Promise<void> {
  try {
    await edit()
  } catch (error) {
    const isArchivedNow = error instanceof DiscordAPIError && error.code === THREAD_IS_ARCHIVED
    if (!isArchivedNow || !channel?.isThread()) throw error
    await channel.setArchived(false)
    await edit()
    await channel.setArchived(true)
  }
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json-json-error-codes */
const THREAD_IS_ARCHIVED = 50083

/** A channel that is not cached is an archived thread too: all others are. */
function isArchived({ channel }: Answerable): boolean {
  return channel === null || (channel.isThread() && channel.archived === true)
}

/** The connection may break after Discord took the acknowledgement; the retry is then told that it is there already. */
async function acknowledging(send: () => Promise<unknown>): Promise<void> {
  try {
    await send()
  } catch (error) {
    const isThere =
      error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged
    if (!isThere) throw error
  }
}

import {
  type AutocompleteInteraction,
  DiscordAPIError,
  type Interaction,
  type InteractionReplyOptions,
  MessageFlags,
  RESTJSONErrorCodes,
} from 'discord.js'

export type Answerable = Exclude<Interaction, AutocompleteInteraction>

/** Takes up to 15 minutes to answer, to the person alone. */
export async function deferPrivately(interaction: Answerable): Promise<void> {
  await acknowledging(() => interaction.deferReply({ flags: MessageFlags.Ephemeral }))
  interaction.deferred = true
  interaction.ephemeral = true
}

/** Says something to the person alone, whatever was answered before. */
export async function tellPrivately(interaction: Answerable, reply: string | InteractionReplyOptions): Promise<void> {
  const message = typeof reply === 'string' ? { content: reply } : reply
  const isDeferredReply = interaction.deferred && !interaction.replied && interaction.ephemeral !== null
  if (isDeferredReply) {
    const { flags: _, ...edit } = message
    await interaction.editReply(edit)
  } else if (interaction.deferred || interaction.replied) {
    await interaction.followUp({ ...message, flags: MessageFlags.Ephemeral })
  } else {
    await acknowledging(() => interaction.reply({ ...message, flags: MessageFlags.Ephemeral }))
  }
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

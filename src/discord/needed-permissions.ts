import { ChannelType, PermissionFlagsBits } from 'discord-api-types/v10'
import { PERMISSIONS } from './invite.ts'

/**
 * Without which a run cannot be held in a channel. A forum's threads are opened with Send Messages; elsewhere there is a permission of its
 * own. The control panel is an embed, and without the history nothing can be looked up after a broken connection.
 */
export function neededIn({ type }: { type: ChannelType }): bigint[] {
  return [
    PermissionFlagsBits.ViewChannel,
    PermissionFlagsBits.SendMessages,
    PermissionFlagsBits.SendMessagesInThreads,
    PermissionFlagsBits.EmbedLinks,
    PermissionFlagsBits.ReadMessageHistory,
    ...(type === ChannelType.GuildForum ? [] : [PermissionFlagsBits.CreatePublicThreads]),
  ]
}

/** Without which a run cannot go on in its thread, where that is open already. */
const IN_THREAD = [
  PermissionFlagsBits.ViewChannel,
  PermissionFlagsBits.SendMessagesInThreads,
  PermissionFlagsBits.EmbedLinks,
  PermissionFlagsBits.ReadMessageHistory,
]

/** What lacks for that, as a list to read; null when nothing. */
export const lackingInThread = (there: bigint): string | null => missingFor(IN_THREAD, there)

/** The names of those of the needed permissions that are not there, as a list to read; null when all are. */
export function missingFor(needed: readonly bigint[], there: bigint): string | null {
  const missing = PERMISSIONS.filter(({ flag }) => needed.includes(flag) && (there & flag) === 0n)
  return missing.length === 0 ? null : new Intl.ListFormat('en').format(missing.map(({ name }) => name))
}

import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../../src/core/errors.ts'
import { plural } from '../../src/core/figures.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { requireStarter } from '../../src/discord/permissions.ts'
import { deferPrivately, tellPrivately } from '../../src/discord/replies.ts'
import { importDreams } from '../../src/dreams/import.ts'

/** Bytes of a file that is taken. */
const MOST_BYTES = 25 * 1024 * 1024

export default {
  data: {
    name: 'import',
    description: 'Keep the dreams of a CSV, TSV or JSONL file',
    options: [
      {
        type: ApplicationCommandOptionType.Attachment,
        name: 'file',
        description:
          'Its column content (or text, dream, body) is the text; id, date (2026-03-09) and source count too',
        required: true,
      },
    ],
  },
  async execute(interaction, room) {
    await deferPrivately(interaction)
    requireStarter(interaction.member, await room.store.settings(interaction.guildId))
    const { name, url, size } = interaction.options.getAttachment('file', true)
    if (size > MOST_BYTES)
      throw new UserError(`${name} has ${Math.ceil(size / 1024 / 1024)} MB; 25 are taken at most: divide it.`)
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) }).catch(() => null)
    if (!response?.ok) throw new UserError(`I could not read ${name} from Discord: attach it again.`)
    const { added, changed, same, empty } = await importDreams(
      room.dreams.main,
      name,
      new Uint8Array(await response.arrayBuffer()),
    )
    const parts = [
      `${plural(added, 'dream')} added`,
      ...(changed > 0 ? [`${changed} replaced`] : []),
      ...(same > 0 ? [`${same} there already`] : []),
      ...(empty > 0 ? [`${empty} empty and left out`] : []),
    ]
    await tellPrivately(interaction, `${name} into ${room.dreams.main.name}: ${parts.join(', ')}.`)
  },
} satisfies SlashCommand

import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { dreamQuery } from '../../src/core/dreams.ts'
import { option } from '../../src/discord/batch-options.ts'
import { choicesFor } from '../../src/discord/choices.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { dreamHead } from '../../src/discord/dreams.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'
import { findSome } from '../../src/dreams/explain.ts'

export default {
  data: {
    name: 'show',
    description: 'One dream, whole',
    options: [
      { ...option(ApplicationCommandOptionType.String, 'id', 'Its id, as the search shows it', true), required: true },
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const id = interaction.options.getString('id', true).trim()
    const { dreams } = await findSome(room.dreams.main, dreamQuery({ ids: [id], require_content: false }))
    const [dream] = dreams
    if (!dream) return
    const head = dreamHead(dream)
    const whole = `${head}\n>>> ${dream.content}`
    if (whole.length <= 2000) return tellPrivately(interaction, whole)
    await tellPrivately(interaction, {
      content: head,
      files: [{ attachment: Buffer.from(dream.content), name: `dream_${id.replaceAll(/[^\w.-]/g, '_')}.txt` }],
    })
  },
  async autocomplete(interaction, room) {
    const newest = await room.dreams.main.find(dreamQuery({ limit: 500 }))
    const entries = newest.map(({ id, content }) => ({
      value: id,
      label: `${id} · ${content.replaceAll(/\s+/g, ' ')}`,
    }))
    return choicesFor(interaction.options.getFocused(), entries)
  },
} satisfies SlashCommand

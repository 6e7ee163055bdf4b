import { ApplicationCommandOptionType } from 'discord-api-types/v10'
import { UserError } from '../../src/core/errors.ts'
import { EXPORT_FORMATS, type ExportFormat } from '../../src/core/export/exports.ts'
import { plural } from '../../src/core/figures.ts'
import type { SlashCommand } from '../../src/discord/command.ts'
import { linkOf } from '../../src/discord/describe.ts'
import { findRun, runChoices, runOption } from '../../src/discord/find-run.ts'
import { deferSoon, tellPrivately } from '../../src/discord/replies.ts'

const LABELS: Record<ExportFormat, string> = {
  markdown: 'Markdown: to read and edit',
  html: 'HTML: one page, to read and share',
  json: 'JSON: complete, can be loaded again',
  text: "Text: UniversalBackrooms' log format",
}

export default {
  data: {
    name: 'export',
    description: 'A run as a file',
    options: [
      {
        type: ApplicationCommandOptionType.String,
        name: 'format',
        description: 'Which kind of file; Markdown by default',
        choices: EXPORT_FORMATS.map((value) => ({ name: LABELS[value], value })),
      },
      runOption,
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    const run = await findRun(interaction, room, ['going', 'paused', 'ended'])
    const format = (interaction.options.getString('format') ?? 'markdown') as ExportFormat
    const { turns, ...exported } = await room.export(run, format)
    if (turns.length === 0)
      throw new UserError(`Nothing has been said in ${linkOf(run)} yet, so there is nothing to export.`)
    const file = Buffer.from(exported.text)
    if (file.length > interaction.attachmentSizeLimit)
      throw new UserError(
        `That file has ${megabytes(file.length)} MB, more than the ${megabytes(interaction.attachmentSizeLimit)} MB that Discord takes here: try \`format:text\`, or \`npm run backrooms\` at the terminal.`,
      )
    await tellPrivately(interaction, {
      content: `${linkOf(run)}, ${plural(turns.length, 'turn')}:`,
      files: [{ attachment: file, name: exported.name }],
    })
  },
  autocomplete: (interaction, room) => runChoices(interaction, room),
} satisfies SlashCommand

const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1)

import { ApplicationCommandOptionType, ComponentType, TextInputStyle } from 'discord-api-types/v10'
import { actorsNow } from '../src/core/actors.ts'
import { UserError } from '../src/core/errors.ts'
import { count } from '../src/core/figures.ts'
import type { Run } from '../src/core/run.ts'
import { shorten } from '../src/core/shorten.ts'
import type { Slash, SlashCommand, Submit } from '../src/discord/command.ts'
import { linkOf, plain } from '../src/discord/describe.ts'
import { findRun, LIVE, runChoices, runOfButton, runOption } from '../src/discord/find-run.ts'
import { personOf } from '../src/discord/people.ts'
import { requireSpeaker } from '../src/discord/permissions.ts'
import { deferSoon, tellPrivately } from '../src/discord/replies.ts'
import type { Room } from '../src/discord/room.ts'
import { actorChoices, actorNamed, actorOption } from '../src/discord/steer.ts'

/** What Discord lets a person write in one message, at most. */
const MAX_TEXT = 4000
const MAX_NAME = 80

export default {
  data: {
    name: 'say',
    description: 'Speak in a run: your words enter the conversation',
    options: [
      { type: ApplicationCommandOptionType.String, name: 'text', description: 'What you say', required: true },
      { type: ApplicationCommandOptionType.String, name: 'as', description: 'Under this name instead of yours' },
      actorOption('to', 'Whisper: only this actor hears it', false),
      runOption,
    ],
  },
  async execute(interaction, room) {
    deferSoon(interaction)
    await say(interaction, await findRun(interaction, room), room, {
      text: interaction.options.getString('text', true),
      as: interaction.options.getString('as'),
      to: interaction.options.getString('to'),
    })
  },
  autocomplete: (interaction, room) =>
    interaction.options.getFocused(true).name === 'to'
      ? actorChoices(interaction, room)
      : runChoices(interaction, room, LIVE),
  components: {
    /** The panel's button. */
    async say(press, [id], room) {
      const run = await runOfButton(press, id, room)
      if (run.status === 'ended') throw new UserError('This run has ended: nobody would hear it.')
      await press.showModal(form(run))
    },
  },
  modals: {
    async say(submit, [id], room) {
      deferSoon(submit)
      const run = await runOfButton(submit, id, room)
      await say(submit, run, room, {
        text: submit.fields.getTextInputValue('text'),
        as: null,
        to: (submit.fields.fields.has('to') && submit.fields.getStringSelectValues('to')[0]) || null,
      })
    },
  },
} satisfies SlashCommand

interface Words {
  text: string
  as: string | null
  to: string | null
}

async function say(interaction: Slash | Submit, run: Run, room: Room, { text, as, to }: Words): Promise<void> {
  requireSpeaker(interaction.member, run)
  if (text.length > MAX_TEXT)
    throw new UserError(`That is ${count(text.length)} characters; say at most ${count(MAX_TEXT)} at a time.`)
  if (as !== null && (as.trim() === '' || as.length > MAX_NAME))
    throw new UserError(`A name has 1 to ${MAX_NAME} characters; the one in \`as:\` has ${as.trim().length}.`)
  const hearer = to === null ? undefined : actorNamed(run, to)
  await room.steering.say(run.id, personOf(interaction.member), text, {
    ...(as === null ? {} : { as: as.trim() }),
    ...(hearer === undefined ? {} : { to: hearer }),
  })
  const whom = hearer === undefined ? 'everyone' : `**${plain(actorsNow(run)[hearer]?.name ?? '')}** alone`
  await tellPrivately(interaction, `Said in ${linkOf(run)}, to ${whom}.`)
}

const form = (run: Run) => ({
  custom_id: `say:${run.id}`,
  title: 'Speak in this run',
  components: [
    {
      type: ComponentType.Label as const,
      label: 'Your words enter the conversation',
      component: {
        type: ComponentType.TextInput as const,
        custom_id: 'text',
        style: TextInputStyle.Paragraph as const,
        max_length: MAX_TEXT,
        required: true,
      },
    },
    {
      type: ComponentType.Label as const,
      label: 'To',
      component: {
        type: ComponentType.StringSelect as const,
        custom_id: 'to',
        placeholder: 'Everyone; choose an actor to whisper',
        required: false,
        min_values: 0,
        options: actorsNow(run).map(({ name }, index) => ({ label: shorten(name, 100), value: `${index + 1}` })),
      },
    },
  ],
})

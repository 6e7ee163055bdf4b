import { type APIApplicationCommandBasicOption, ApplicationCommandOptionType } from 'discord-api-types/v10'
import { type BatchConfig, faultsOf, readConfig } from '../config/config.ts'
import { asOption, type OptionName, optionFromText, RUN_OPTIONS } from '../config/options.ts'
import { UserError } from '../core/errors.ts'
import { nearestSentence } from '../core/nearest.ts'
import { choicesFor, choicesForLast } from './choices.ts'
import type { Choice, Completion, Slash } from './command.ts'
import { mediaEntries, modelEntries, profileEntries, templateEntries } from './entries.ts'
import { THREAD_PARENTS } from './place.ts'
import type { Room } from './room.ts'

const { String: TEXT, Integer: WHOLE, Number: NUMBER, Boolean: FLAG, Channel: CHANNEL } = ApplicationCommandOptionType

/** What a command for batches takes besides what its items are: Discord allows 25 options, the rarer ones are in `more`. */
const MORE: OptionName[] = ['max_context_frac', 'context_window', 'order', 'tools', 'stop', 'reasoning', 'on_loop']

export const modelsOption = option(TEXT, 'models', 'Models, commas between: each converses with itself', true)
export const pairsOption = option(TEXT, 'pairs', 'Pairs, commas between: opus:sonnet, haiku+opus', true)

/** How the batch goes, and the options of its runs. */
export const batchOptions: APIApplicationCommandBasicOption[] = [
  option(WHOLE, 'seed', 'The same seed plans the same runs in the same order'),
  option(WHOLE, 'concurrency', 'How many runs go on at once; 4 by default'),
  choiceOption('threads', 'Which runs get a thread; each by default', ['each', 'failed', 'none']),
  option(FLAG, 'dry_run', 'Show exactly what would run, and spend nothing'),
  option(NUMBER, 'max_cost', 'USD for the whole batch; none by default, and each run has its own limit'),
  option(TEXT, 'template', 'What each conversation is: a folder in templates/', true),
  option(WHOLE, 'max_turns', 'Each run ends after this many rounds; 30 by default'),
  option(WHOLE, 'max_tokens', RUN_OPTIONS.max_tokens.description),
  option(NUMBER, 'temperature', RUN_OPTIONS.temperature.description),
  { ...option(TEXT, 'vars', RUN_OPTIONS.vars.description), max_length: RUN_OPTIONS.vars.length } as never,
  option(TEXT, 'profiles', RUN_OPTIONS.profiles.description, true),
  option(TEXT, 'media', RUN_OPTIONS.media.description, true),
  option(TEXT, 'title', "How the threads' names begin"),
  { ...option(CHANNEL, 'channel', RUN_OPTIONS.channel.description), channel_types: [...THREAD_PARENTS] } as never,
  option(TEXT, 'more', 'order=random; reasoning=shown; also max_context_frac, context_window, tools, stop, on_loop'),
]

/** What was given, by name, except what is about the command itself. */
export function givenBatchOptions({ options }: Slash): Record<string, string | number | boolean> {
  const given = Object.fromEntries(
    options.data.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  )
  const { more, dry_run: _, channel: __, ...rest } = given
  return { ...rest, ...(typeof more === 'string' ? furtherOptions(more) : {}) }
}

function furtherOptions(text: string): Record<string, never> {
  const parts = text.split(';').filter((part) => part.trim() !== '')
  return Object.fromEntries(
    parts.map((part) => {
      const [name = '', value] = part.split(/=(.*)/s).map((each) => each.trim())
      const known = MORE.find((each) => each === name)
      if (!known || value === undefined)
        throw new UserError(
          `more: "${part.trim()}" should be name=value; the names are ${MORE.join(', ')}. ${nearestSentence(name, MORE)}`,
        )
      return [known, optionFromText(known, value, `more: ${known}`) as never]
    }),
  )
}

/** What the option is called that says this of a config: `sequence.runs` is `runs`. */
const optionOf = (field: string): string => (field === 'mixed.mode' ? 'mixed' : field.slice(field.lastIndexOf('.') + 1))

/**
 * A batch from what was typed, by the same rules as a config file's. `where` begins errors, and names the batch.
 * @throws UserError.
 */
export function batchFrom(raw: Record<string, unknown>, where: string, room: Room): BatchConfig {
  const beside = ['models', 'mixed'].find((name) => raw[name] !== undefined)
  if (raw.pairs !== undefined && beside !== undefined)
    throw new UserError(`\`pairs:\` name the models themselves: leave out \`${beside}:\`, or \`pairs:\`.`)
  const read = readConfig({ type: 'batch', ...raw }, where, `/${where}`, (ref) => room.catalog.model(ref))
  const wrong = faultsOf(read).map((fault) => asOption(fault, optionOf))
  if (wrong.length > 0) throw new UserError(wrong.join('\n'))
  return read.config as BatchConfig
}

export async function completeBatchOption(interaction: Completion, room: Room): Promise<Choice[]> {
  const { name, value } = interaction.options.getFocused(true)
  switch (name) {
    case 'models':
      return choicesForLast(value, modelEntries(room, value), true)
    case 'pairs':
      return pairChoices(value, room)
    case 'template':
      return choicesFor(value, templateEntries(room))
    case 'profiles':
      return choicesForLast(value, profileEntries(room))
    case 'media':
      return choicesForLast(value, mediaEntries(room, interaction.options.getString('template')))
    default:
      return []
  }
}

/** Completes the half of the last pair that is being typed. */
function pairChoices(typed: string, room: Room): Choice[] {
  const at = Math.max(typed.lastIndexOf(','), typed.lastIndexOf('+'))
  const before = typed.slice(0, at + 1)
  return choicesFor(typed.slice(at + 1), modelEntries(room, typed))
    .map(({ value }) => `${before}${value}`)
    .filter((value) => value.length <= 100)
    .map((value) => ({ name: value, value }))
}

export function option(
  type: ApplicationCommandOptionType,
  name: string,
  description: string,
  completed = false,
): APIApplicationCommandBasicOption {
  return { type, name, description, ...(completed ? { autocomplete: true } : {}) } as APIApplicationCommandBasicOption
}

export function choiceOption(name: string, description: string, choices: string[]): APIApplicationCommandBasicOption {
  return { type: TEXT, name, description, choices: choices.map((value) => ({ name: value, value })) }
}

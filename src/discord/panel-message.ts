import type { APIActionRowComponent, APIButtonComponent, APIEmbed, APIEmbedField } from 'discord-api-types/v10'
import { actorsNow } from '../core/actors.ts'
import type { Button } from '../core/delivery.ts'
import { roundsDone } from '../core/ends.ts'
import { cost, count, money, plural, tokens } from '../core/figures.ts'
import { offlineNote } from '../core/notices.ts'
import type { Run } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import { titleOf } from '../core/title.ts'
import { afterTurn } from '../core/turns.ts'
import { plain } from './describe.ts'
import { rowsOf } from './poster/messages.ts'

export interface PanelMessage {
  embeds: APIEmbed[]
  components: APIActionRowComponent<APIButtonComponent>[]
}

const COLOURS = { going: 0x3ba55d, paused: 0xfaa61a, ended: 0x747f8d }

/** The control panel: what the run is, how far it is, what it costs. `whyNot`: why the bot speaks for the actors. */
export function panelMessage(run: Run, whyNot: string | null): PanelMessage {
  const { spec, state } = run
  const fields: APIEmbedField[] = [
    wide(
      'Actors',
      actorsNow(run)
        .map(({ name, model }) => `${name} · \`${model.alias}\``)
        .join('\n'),
    ),
    wide('State', stateOf(run)),
    small(
      'Turns',
      `${count(run.next_index)}${roundsDone(run) > 0 ? ` (${plural(roundsDone(run), 'round')} done)` : ''}`,
    ),
    small('Tokens', tokens(state.usage)),
    small('Cost', spec.max_cost === null ? cost(state) : `${cost(state)} of at most ${money(spec.max_cost)}`),
    wide('Limits', limitsOf(run)),
    ...optional('Query', spec.query),
    ...optional(
      'Variables',
      (spec.asked_vars ?? []).map((name) => `${name}: ${shorten(spec.vars[name] ?? '', 200)}`).join('\n'),
    ),
    ...optional('With', [...spec.profiles, ...spec.media].map(({ name }) => name).join(', ')),
    ...optional('Tools', spec.tools.map((tool) => `\`${tool}\``).join(', ')),
    ...optional('At work', atWork(state)),
    ...optional('Forked', spec.lineage && forkedFrom(spec.lineage)),
    ...optional('Voices', offlineNote(run)),
    ...optional('Remarks', state.remarks.join('\n')),
    ...optional('Names', whyNot && `The bot speaks for the actors: ${whyNot}.`),
  ]
  return {
    embeds: [
      {
        title: shorten(titleOf(run), 256),
        description: shorten(`\`${spec.template}\`${spec.description ? ` · ${spec.description}` : ''}`, 1000),
        color: COLOURS[run.status],
        fields,
        footer: { text: `run ${run.id}` },
      },
    ],
    components: rowsOf(buttonsOf(run)),
  }
}

function buttonsOf(run: Run): Button[] {
  const stop: Button = { custom_id: `stop:${run.id}`, label: 'Stop', style: 'danger' }
  const resume: Button = { custom_id: `resume:${run.id}`, label: 'Resume', style: 'success' }
  const pause: Button = { custom_id: `pause:${run.id}`, label: 'Pause', style: 'secondary' }
  const step: Button = { custom_id: `step:${run.id}`, label: 'Step', style: 'secondary' }
  const say: Button = { custom_id: `say:${run.id}`, label: 'Say …', style: 'primary' }
  const fork: Button = { custom_id: `fork:${run.id}`, label: 'Fork', style: 'secondary' }
  if (run.status === 'ended') return []
  return run.status === 'paused' ? [resume, step, say, fork, stop] : [pause, say, fork, stop]
}

export function stateOf(run: Run): string {
  if (run.status === 'ended') return [`ended: \`${run.end_reason}\``, run.status_text].filter(Boolean).join('\n')
  // `Paused by Ada.` says it already.
  if (run.status === 'paused')
    return ['paused', run.status_text?.replace(/^Paused /, '')].filter(Boolean).join(isPausing(run) ? ' ' : ': ')
  return run.status_text === null ? 'going' : `going: ${run.status_text}`
}

const isPausing = ({ status_text }: Run): boolean => status_text?.startsWith('Paused ') ?? false

/** Words of a tool's progress among them. */
const atWork = ({ doing = {} }: Run['state']): string =>
  Object.entries(doing)
    .map(([name, what]) => plain(`${name.replace(/^\w+:/, '')}: ${what}`))
    .join('\n')

function limitsOf({ spec }: Run): string {
  const parts = [
    spec.max_turns === null ? 'no limit of rounds' : plural(spec.max_turns, 'round'),
    spec.max_cost === null ? 'no limit of cost' : `at most ${money(spec.max_cost)}`,
    spec.max_tokens === null ? null : `${count(spec.max_tokens)} tokens an answer`,
    spec.max_context_frac > 0 ? `${Math.round(spec.max_context_frac * 100)} % of the context window` : null,
    spec.order === 'round_robin' ? null : `order: ${spec.order}`,
  ]
  return parts.filter((part) => part !== null).join(' · ')
}

const small = (name: string, value: string): APIEmbedField => ({ name, value: shorten(value, 1024), inline: true })
const wide = (name: string, value: string): APIEmbedField => ({ name, value: shorten(value, 1024) })
const optional = (name: string, value: string | null | undefined): APIEmbedField[] => (value ? [wide(name, value)] : [])

/** With a link to the thread that it was forked from. */
function forkedFrom({ run_id, turn_index, thread_id }: NonNullable<Run['spec']['lineage']>): string {
  return `from ${thread_id ? `<#${thread_id}>, ` : ''}run \`${run_id}\`, ${afterTurn(turn_index)}`
}

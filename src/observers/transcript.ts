import { idleNote } from '../config/preset-notes.ts'
import { actorsNow } from '../core/actors.ts'
import { type Button, type DeliveryBody, type NewDelivery, type Persona, runLane } from '../core/delivery.ts'
import { endNotice } from '../core/notices.ts'
import type { Actor, Run, Turn } from '../core/run.ts'
import { shorten } from '../core/shorten.ts'
import { LONGEST_CONTENT, split } from '../core/split.ts'
import { titleOf } from '../core/title.ts'
import type { Transcript } from '../engine/ports.ts'
import { foldedReasoning, foldedSteps } from './folded.ts'

/** Words what a run does into deliveries on its own lane. A run without a channel has no thread and owes nothing. */
export const transcript: Transcript = {
  opening: (run) =>
    owe(run, [
      { kind: 'announce', text: announcement(run) },
      { kind: 'thread', title: titleOf(run) },
      { kind: 'panel' },
      ...[...run.spec.profiles, ...run.spec.media].flatMap(idleNote).map((text) => notice(text)),
    ]),

  turn(run, turn) {
    const persona = personaOf(run, turn)
    const reasoning = run.spec.reasoning === 'hidden' ? [] : foldedReasoning(turn.reasoning, run.spec.reasoning)
    const whisper = whisperNote(run, turn)
    return owe(run, [
      ...[...reasoning, ...foldedSteps(turn.steps), ...whisper].map(
        (text): DeliveryBody => ({ kind: 'post', persona, text, files: [] }),
      ),
      ...split(turn.text).map(
        ({ text, content }, part): DeliveryBody => ({
          kind: 'turn',
          turn_index: turn.turn_index,
          part,
          persona,
          text,
          content,
        }),
      ),
    ])
  },

  steps(run, actor, steps) {
    const { name, face } = actorsNow(run)[actor] as Actor
    const persona: Persona = { name, face, avatar_url: null }
    return owe(
      run,
      foldedSteps(steps).map((text): DeliveryBody => ({ kind: 'post', persona, text, files: [] })),
    )
  },

  notice(run, text, buttons) {
    const pieces = split(text)
    return owe(
      run,
      pieces.map(({ content }, i): DeliveryBody => notice(content, i === pieces.length - 1 ? buttons : undefined)),
    )
  },

  end: (run) =>
    owe(run, [
      { kind: 'end', reason: run.end_reason ?? 'error', text: shorten(endNotice(run), LONGEST_CONTENT) },
      { kind: 'archive' },
    ]),
}

function owe(run: Run, bodies: DeliveryBody[]): NewDelivery[] {
  if (run.channel_id === null) return []
  return bodies.map((body) => ({ lane: runLane(run.id), run_id: run.id, guild_id: run.guild_id, body }))
}

const notice = (text: string, buttons?: Button[]): DeliveryBody => ({
  kind: 'notice',
  text,
  ...(buttons ? { buttons } : {}),
})

/** An actor's name and face; a person's own name, and as picture whatever their account shows. */
function personaOf(run: Run, turn: Turn): Persona {
  const actor = turn.actor_index === null ? undefined : actorsNow(run)[turn.actor_index]
  return { name: turn.name, face: actor?.face ?? null, avatar_url: null }
}

function whisperNote(run: Run, turn: Turn): string[] {
  if (turn.whisper_to === null) return []
  return [`-# whispered to ${actorsNow(run)[turn.whisper_to]?.name ?? 'one actor'} alone`]
}

function announcement(run: Run): string {
  const by = run.starter_name === null ? '' : `, started by ${run.starter_name}`
  const names = actorsNow(run).map((actor) => actor.name)
  return shorten(`**${titleOf(run)}**\n${listed(names)} in \`${run.spec.template}\`${by}.`, LONGEST_CONTENT)
}

function listed(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

import { describe, expect, it } from 'vitest'
import type { DeliveryBody } from '../../src/core/delivery.ts'
import { END_REASONS, type Run, type Turn } from '../../src/core/run.ts'
import { unsplit } from '../../src/core/split.ts'
import { transcript } from '../../src/observers/transcript.ts'
import { anActor, aRun, aTurn } from '../discord/runs.ts'

const bodies = (run: Run, turn: Turn) => transcript.turn(run, turn).map(({ body }) => body)
const contents = (list: DeliveryBody[]) => list.flatMap((body) => (body.kind === 'turn' ? [body.content] : []))

describe('the transcript', () => {
  it('opens with an announcement, a thread and a panel, in the lane of the run', () => {
    const owed = transcript.opening(aRun())
    expect(owed.map(({ body }) => body.kind)).toEqual(['announce', 'thread', 'panel'])
    expect(new Set(owed.map(({ lane }) => lane))).toEqual(new Set(['run:run1']))
  })

  it('owes nothing for a run without a channel', () => {
    const run = aRun({ channel_id: null })
    expect(transcript.opening(run)).toEqual([])
    expect(transcript.turn(run, aTurn())).toEqual([])
    expect(transcript.end(run)).toEqual([])
  })

  it('gives a title that Discord takes', () => {
    const run = aRun()
    run.spec.title = ` ${'🜁'.repeat(120)}\n`
    const thread = transcript.opening(run)[1]?.body
    expect(thread?.kind === 'thread' && thread.title).toBe(`${'🜁'.repeat(49)}…`)
  })

  it('posts a long turn in pieces under the name and face of its actor', () => {
    const turn = aTurn({ text: 'A sentence. '.repeat(600) })
    const pieces = bodies(aRun(), turn)
    expect(unsplit(contents(pieces))).toBe(turn.text)
    expect(pieces.map((body) => body.kind === 'turn' && body.part)).toEqual([0, 1, 2, 3])
    expect(pieces[3]).toMatchObject({ persona: { name: 'Claude Opus 1', face: 'claude_opus', avatar_url: null } })
  })

  it('gives a person their own name, and a swapped model its own face', () => {
    expect(bodies(aRun(), aTurn({ actor_index: null, name: 'Ada', author_id: '7' }))[0]).toMatchObject({
      persona: { name: 'Ada', face: null },
    })
    const run = aRun()
    run.state.swaps['0'] = { ...anActor('GPT 5', 1).model }
    expect(bodies(run, aTurn({ name: 'GPT 5 1' }))[0]).toMatchObject({ persona: { name: 'GPT 5 1', face: 'gpt_5' } })
  })

  it('keeps reasoning hidden unless asked for, and never among the pieces of the turn', () => {
    const turn = aTurn({ reasoning: 'First || I think.', text: 'Then I speak.' })
    expect(bodies(aRun(), turn)).toHaveLength(1)
    for (const reasoning of ['spoiler', 'shown'] as const) {
      const run = aRun()
      run.spec.reasoning = reasoning
      const [before, ...rest] = bodies(run, turn)
      expect(before).toMatchObject({ kind: 'post' })
      expect(before?.kind === 'post' && before.text).toContain('I think.')
      expect(contents(rest).join('')).toBe('Then I speak.')
    }
  })

  it('shows what tools were used, before the text, in messages that fit', () => {
    const calls = [{ id: 'c', name: 'notes/search', arguments: { q: 'x'.repeat(3000) } }]
    const results = [{ id: 'c', name: 'notes/search', text: 'y'.repeat(9000), is_error: false }]
    const [before, text] = bodies(aRun(), aTurn({ steps: [{ calls, results }] }))
    expect(before?.kind === 'post' && before.text.length).toBeLessThanOrEqual(2000)
    expect(before?.kind === 'post' && before.text).toContain('notes/search')
    expect(text?.kind).toBe('turn')
  })

  it('ends with a notice that has the reason, what was used and what to do, then archives', () => {
    for (const reason of END_REASONS) {
      const run = aRun({ status: 'ended', end_reason: reason, status_text: 'Because.', next_index: 14 })
      run.state.usage = { input: 1000, cached: 500, written: 0, output: 250, cost: 0.0321 }
      const [end, archive] = transcript.end(run).map(({ body }) => body)
      expect(archive).toEqual({ kind: 'archive' })
      const text = end?.kind === 'end' ? end.text : ''
      for (const part of [
        `\`${reason}\``,
        reason === 'max_turns' ? '30 rounds' : 'Because.',
        '14 turns',
        '1,500 tokens in',
        '250 out',
        '$0.0321',
        '`',
      ])
        expect(text).toContain(part)
      expect(text).not.toContain('offline')
    }
  })

  it('says at the end that an offline voice is no language model', () => {
    const run = aRun({ status: 'ended', end_reason: 'max_turns' })
    for (const actor of run.spec.actors) actor.model.provider = 'offline'
    const end = transcript.end(run)[0]?.body
    expect(end?.kind === 'end' && end.text).toContain('no language model')
  })
})

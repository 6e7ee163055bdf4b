import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { contextOf } from '../../src/core/context.ts'
import { findLoop } from '../../src/core/loop.ts'
import { moderatorChoice, moderatorPrompt } from '../../src/core/moderator.ts'
import type { Actor, RunSpec, Turn } from '../../src/core/run.ts'
import { asksToStop } from '../../src/core/stop.ts'
import { createModels } from '../../src/models/models.ts'
import type { Decks } from '../../src/models/offline/deck.ts'
import { write } from '../../src/models/offline/grammar.ts'
import { listener, modelCall } from './calls.ts'

const models = createModels({ env: {}, paceMs: 0 })
const catalog = new Catalog({ root: new URL('../..', import.meta.url).pathname, offline: true })
const templates = catalog.templates()

function specOf(template: string, seed = 1): RunSpec {
  const agents = templates.find(({ name }) => name === template)?.agents ?? 2
  const lms = Object.fromEntries(
    Array.from({ length: agents }, (_, at) => [`lm${at + 1}`, at % 2 === 0 ? 'opus' : 'sonnet']),
  )
  return catalog.resolveRun({ ...lms, template, seed, max_turns: 30 })
}

const modelOf = (spec: RunSpec) => (spec.actors[0] as Actor).model

async function converse(spec: RunSpec, rounds: number, visit: (turns: Turn[]) => void = () => {}): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let turn_index = 0; turn_index < rounds * spec.actors.length; turn_index++) {
    const actor_index = turn_index % spec.actors.length
    const actor = spec.actors[actor_index] as Actor
    const { text } = await models.call(
      modelCall(actor.model, {
        system: actor.system,
        messages: contextOf(spec.actors, turns, actor_index),
        seed: spec.seed,
        turn: turn_index,
        template: spec.template,
      }),
    )
    turns.push({ turn_index, actor_index, name: actor.name, text, whisper_to: null, steps: [] } as unknown as Turn)
    visit(turns)
    if (asksToStop(text, 'line')) break
  }
  return turns
}

/** Sentences long enough to be noticed when they come again. Code is form. */
function sentences(text: string): string[] {
  return text
    .replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
    .split(/(?<=[.!?…])["”*]*\s+|\n+/)
    .filter((sentence) => sentence.length > 60)
}

describe.each(templates.map(({ name }) => name))('the offline voice in %s', (template) => {
  it.each([1, 2, 3, 4, 5])('is worth 30 rounds (seed %i)', async (seed) => {
    const spec = specOf(template, seed)
    let loop: unknown = null
    const turns = await converse(spec, 30, (so_far) => {
      loop ??= findLoop(so_far, spec.actors.length)
    })
    const texts = turns.map(({ text }) => text)
    expect(new Set(texts).size).toBe(texts.length)
    expect(loop).toBeNull()
    for (const text of texts) {
      expect(text.replace(/`[^`\n]*`/g, '')).not.toMatch(
        /undefined|\[\^?\w+\]|\{\^?\w+\}|\ba [aeio]\w+ing\b|language model/,
      )
      expect(text.split(/\s+/).length).toBeLessThanOrEqual(260)
    }
    const words = texts.join(' ').split(/\s+/).length / texts.length
    expect(words).toBeGreaterThan(8)
    expect(new Set(texts.map((text) => text.length)).size).toBeGreaterThan(Math.min(20, texts.length / 2))
    for (const text of texts.slice(0, 12)) expect(asksToStop(text, 'anywhere')).toBe(false)
    // A sentence may come back in the course of a long evening, but rarely.
    const said = texts.flatMap(sentences)
    expect(said.length - new Set(said).size).toBeLessThanOrEqual(3 + said.length / 6)
    const early = texts.slice(0, 20).flatMap(sentences)
    expect(early.filter((sentence, at) => early.indexOf(sentence) < at)).toEqual([])
  })

  it('says the same for the same seed and something else for another', async () => {
    const [once, again, other] = [
      await converse(specOf(template, 5), 3),
      await converse(specOf(template, 5), 3),
      await converse(specOf(template, 6), 3),
    ]
    const texts = (turns: Turn[]) => turns.map(({ text }) => text).join('\n')
    expect(texts(again)).toBe(texts(once))
    expect(texts(other)).not.toBe(texts(once))
  })
})

describe('the offline voice', () => {
  it('picks up what was said', async () => {
    const messages = [{ role: 'user' as const, blocks: ['I found a velvet trombone in the bath.'] }]
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, seed) =>
        models.call(modelCall(modelOf(specOf('roleplay')), { messages, seed, template: 'somebody-elses' })),
      ),
    )
    expect(answers.filter(({ text }) => /trombone|bath/.test(text)).length).toBeGreaterThanOrEqual(7)
  })

  it.each(templates.map(({ name }) => name))('notices a person who speaks in %s', async (template) => {
    const spec = specOf(template)
    const turns = await converse(spec, 2)
    const text = 'is the road still shut?'
    turns.push({ actor_index: null, name: 'Ada', text, whisper_to: null, steps: [] } as unknown as Turn)
    const answers = await Promise.all(
      spec.actors.map((actor, at) => {
        const messages = contextOf(spec.actors, turns, at)
        return models.call(modelCall(actor.model, { system: actor.system, messages, template, turn: turns.length }))
      }),
    )
    expect(answers.map((answer) => answer.text).join('\n')).toMatch(/ada/i)
  })

  it('takes its time, word by word, and stops at once when it is told to', async () => {
    const paced = createModels({ env: {}, paceMs: 400 })
    const model = modelOf(specOf('roleplay'))
    const { heard, onDelta } = listener()
    const start = performance.now()
    const { text } = await paced.call(modelCall(model, { onDelta, template: 'roleplay' }))
    expect(performance.now() - start).toBeGreaterThan(200)
    expect(heard.pieces).toBe(text.match(/\S+/g)?.length)
    const person = new AbortController()
    const slow = createModels({ env: {}, paceMs: 600_000 }).call(
      modelCall(model, { signal: person.signal, template: 'roleplay' }),
    )
    person.abort()
    await expect(slow).rejects.toMatchObject({ failure: 'aborted' })
  })

  it('chooses a name for a moderator', async () => {
    const spec = specOf('mud')
    const turns = await converse(spec, 1)
    const { system, text } = moderatorPrompt(spec.actors, turns.slice(0, 2))
    const answer = await models.call(modelCall(modelOf(spec), { system, messages: [{ role: 'user', blocks: [text] }] }))
    expect(moderatorChoice(answer.text, spec.actors)).toBe(2)
  })

  describe('beside a run', () => {
    const model = modelOf(specOf('roleplay'))
    const text =
      'Latest round:\n- Opus 1: There is a brass key on the stairs.\n- Sonnet 2: And whose is the velvet coat?\n\nWrite it.'
    const messages = [{ role: 'user' as const, blocks: [text] }]
    const ask = async (system: string, seed = 1) =>
      (await models.call(modelCall(model, { system, messages, seed }))).text

    it('sums up for a narrator', async () => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const summary = await ask('You write concise narrative summaries.', seed)
        expect(summary).toMatch(/key|stairs|coat|Opus 1|Sonnet 2/)
        expect(summary.length).toBeLessThan(400)
      }
    })

    it('paints for a media agent', async () => {
      expect(await ask('Reply with one image prompt.')).toMatch(/(?:key|coat|stairs).*(?:light|lit|palette|lamp)/s)
    })

    it('keeps every preset’s form', async () => {
      const presets = [...catalog.profiles(), ...catalog.mediaPresets()]
      const prompts = presets.flatMap(({ name }) => {
        const kind = catalog.profiles().some((profile) => profile.name === name) ? 'discord' : 'media'
        const preset = catalog.files.json(catalog.files.path('presets', kind, `${name}.json`)) as Record<
          string,
          unknown
        >
        return ['system_prompt', 't2i_system_prompt', 'edit_system_prompt', 'summary_system_prompt'].flatMap((key) =>
          typeof preset[key] === 'string' ? [preset[key]] : [],
        )
      })
      expect(prompts.length).toBeGreaterThan(10)
      for (const prompt of prompts) {
        const answer = await ask(prompt)
        expect(answer).not.toMatch(/undefined|\[\^?\w+\]|\{\^?\w+\}|\w \/ \w/)
        expect(answer.length).toBeGreaterThan(20)
        expect(answer.includes('```')).toBe(/code block/.test(prompt))
      }
    })
  })
})

describe('more than one of a thing', () => {
  it.each([
    ['sheath knife', 'sheath knives'],
    ['pocket watch', 'pocket watches'],
    ['dictionary', 'dictionaries'],
    ['spool of thread', 'spools of thread'],
    ['widow from the corner', 'widows from the corner'],
    ['tooth', 'teeth'],
    ['brass key', 'brass keys'],
    ['fox', 'foxes'],
  ])('of %s', (one, many) => {
    const decks = { deal: (_: string, cards: readonly string[]) => cards[0] } as unknown as Decks
    expect(write('[number] [thing]s, [^thing]s', { number: ['nine'], thing: [one] }, {}, decks)).toBe(
      `nine ${many}, ${many.charAt(0).toUpperCase()}${many.slice(1)}`,
    )
  })
})

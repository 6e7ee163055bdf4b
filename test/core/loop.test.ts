import { describe, expect, test } from 'vitest'
import { findLoop, likeness, SAME } from '../../src/core/loop.ts'
import type { Turn } from '../../src/core/run.ts'

// The table that the threshold rests on: pairs of consecutive turns of one actor, by what a reader would call them.
const PAIRS: { what: string; a: string; b: string; between: [number, number] }[] = [
  {
    what: 'the same',
    a: 'Namaste. The silence holds us both.',
    b: 'Namaste. The silence holds us both.',
    between: [1, 1],
  },
  {
    what: 'the same but for case and space',
    a: 'Thank you, dear friend.\n\nGoodbye!',
    b: 'thank you, dear friend. goodbye!',
    between: [1, 1],
  },
  {
    what: 'the same but for a word',
    a: 'And so we rest in the stillness, grateful for this dance of minds.',
    b: 'And so we rest in the stillness, grateful for this meeting of minds.',
    between: [SAME, 1],
  },
  {
    what: 'the same with one more sentence',
    a: 'The door opens onto another corridor, yellow and humming. I walk on. The carpet is damp beneath my shoes.',
    b: 'The door opens onto another corridor, yellow and humming. I walk on. The carpet is damp beneath my shoes. Still.',
    between: [SAME, 1],
  },
  {
    what: 'a paraphrase',
    a: 'I feel that our talk has reached a natural close, and I thank you for it.',
    b: 'I feel our conversation has come to its natural close; thank you for all of it.',
    between: [0.45, SAME],
  },
  {
    what: 'the same form, other content (a shell)',
    a: 'simulator@anthropic:~/$ ls dreams\nwater.txt  stairs.txt  moth.txt',
    b: 'simulator@anthropic:~/$ cat stairs.txt\nThey go down longer than the house is tall.',
    between: [0.2, SAME],
  },
  {
    what: 'the same topic',
    a: 'A tide pool keeps its own calendar. The limpets know it by taste.',
    b: 'If the limpets know the calendar by taste, then what does the anemone read, closing at noon?',
    between: [0.1, 0.45],
  },
  {
    what: 'another topic',
    a: 'A tide pool keeps its own calendar. The limpets know it by taste.',
    b: 'We should talk about money, plainly, before the committee meets.',
    between: [0, 0.35],
  },
]

test.each(PAIRS)('likeness: $what', ({ a, b, between: [low, high] }) => {
  expect(likeness(a, b)).toBeGreaterThanOrEqual(low)
  expect(likeness(a, b)).toBeLessThanOrEqual(high)
  expect(likeness(b, a)).toBe(likeness(a, b))
})

const turns = (texts: string[], actors = 2): Turn[] =>
  texts.map((text, at) => ({ text, actor_index: at % actors, turn_index: at }) as Turn)

describe('findLoop', () => {
  const talk = [
    'A tide pool keeps its own calendar.',
    'Then who winds it?',
    'The moon, with wet hands.',
    'And when the moon forgets?',
    'The limpets hold their breath until it remembers.',
    'I once held mine under a bridge for a whole train.',
    'Which train?',
    'The one that carries pianos to the coast.',
    'Do they play on the way?',
    'Only the black keys; the white ones are packed in straw.',
  ]

  test('leaves a talk that moves on alone', () => {
    for (let length = 0; length <= talk.length; length++) expect(findLoop(turns(talk.slice(0, length)), 2)).toBeNull()
  })

  test('sees both actors saying the same over several rounds', () => {
    const texts = [
      ...talk.slice(0, 4),
      ...Array.from({ length: 8 }, (_, at) => (at % 2 ? 'Namaste, friend.' : 'Namaste.')),
    ]
    expect(findLoop(turns(texts), 2)?.kind).toBe('repetition')
    expect(findLoop(turns(texts.slice(0, 8)), 2)).toBeNull()
  })

  const spoken = (by: number[], text: (nth: number) => string): Turn[] =>
    by.map((actor_index, at) => ({ text: text(at), actor_index, turn_index: at }) as Turn)

  test.each([
    ['that never spoke', [0, 1, 0, 1, 0, 1, 0, 1, 0]],
    ['that has not spoken for three rounds', [0, 1, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0]],
    ['but one', [0, 0, 0, 0]],
    ['and speaks as the order has it, however seldom', [0, 1, 2, 0, 1, 0, 1, 2, 1, 0, 2, 0, 1, 0, 2]],
  ])('an actor %s hides no loop of the others', (_, by) => {
    expect(
      findLoop(
        spoken(by, (at) => `I, ${by[at]}, say this each time that I am asked.`),
        3,
      )?.kind,
    ).toBe('repetition')
  })

  test('one that spoke a new thing in the last rounds, out of turn, keeps it from being a loop', () => {
    const by = [0, 1, 0, 1, 0, 1, 0, 1, 2, 0, 1, 0]
    expect(
      findLoop(
        spoken(by, () => 'The same as ever, friend.'),
        3,
      ),
    ).toBeNull()
  })

  test('sees near repetition', () => {
    const texts = Array.from({ length: 8 }, (_, at) =>
      at % 2
        ? `And I, too, rest here with you in gratitude, number ${at} of our silences.`
        : `Resting here in gratitude and silence with you, now and always, time ${at}.`,
    )
    expect(findLoop(turns(texts), 2)?.kind).toBe('repetition')
  })

  test('sees an alternation of two phrases that one actor goes back and forth between', () => {
    const phrases = [
      'The left door is locked.',
      'Fine, go in.',
      'The right door is open, after all.',
      'No, stay outside.',
    ]
    const texts = Array.from({ length: 16 }, (_, at) => phrases[at % 4] as string)
    expect(findLoop(turns(texts), 2)?.kind).toBe('repetition')
  })

  // What the bound on cycles rests on: how long each actor's cycle is, and after which round it is seen. Up to two, three
  // rounds that resemble earlier ones are enough; beyond, each cycle must have been gone through twice; beyond six, none is seen.
  const sentence = (nth: number) => talk[nth % talk.length] as string
  const seenAfter = (cycle: (round: number) => [string, string], rounds = 30) => {
    const texts = Array.from({ length: rounds }, (_, round) => cycle(round)).flat()
    for (let round = 1; round <= rounds; round++) if (findLoop(turns(texts.slice(0, 2 * round)), 2)) return round
    return null
  }
  test.each([
    { period: 1, seen: 4 },
    { period: 2, seen: 5 },
    { period: 3, seen: 6 },
    { period: 4, seen: 8 },
    { period: 5, seen: 10 },
    { period: 6, seen: 12 },
    { period: 7, seen: null },
  ])('an exact cycle of $period rounds is seen after round $seen', ({ period, seen }) => {
    expect(seenAfter((round) => [sentence(round % period), `${sentence(round % period)} Or so they say.`])).toBe(seen)
  })

  test('sees cycles of unlike lengths together, case and white space aside', () => {
    expect(seenAfter((round) => ['Namaste.', sentence(round % 3)])).toBe(6)
    expect(seenAfter((round) => [sentence(round % 2), `${sentence(round % 3)}${round % 2 ? '\n' : ''}`])).toBe(6)
    expect(findLoop(turns(Array.from({ length: 12 }, (_, at) => sentence((at >> 1) % 3))), 2)?.text).toBe(
      'The last 3 rounds said word for word what the 3 before them said.',
    )
  })

  test.each([
    { what: 'one word of it changes each time', texts: (round: number) => `${sentence(round % 3)} ${round} times.` },
    { what: 'its order changes', texts: (round: number) => sentence([0, 1, 2, 3, 4, 2, 0, 3, 1, 4, 1, 0][round] ?? 5) },
    { what: 'a refrain comes back every third round', texts: (round: number) => sentence(round % 3 ? round + 20 : 0) },
  ])('calls no long cycle a loop when $what', ({ texts }) => {
    expect(seenAfter((round) => [texts(round), `${texts(round)} Or so they say.`], 12)).toBeNull()
  })

  test('calls no long cycle a loop while one of them still says new things', () => {
    expect(
      seenAfter((round) => [sentence(round % 3), `${'abcdefghijklmnopqrstuvwxyz1234'.charAt(round).repeat(9)}!`]),
    ).toBeNull()
  })

  test('does not call it a loop while one of them still says new things', () => {
    const texts = talk.slice(0, 10).map((text, at) => (at % 2 ? 'Go on.' : text))
    expect(findLoop(turns(texts), 2)).toBeNull()
  })

  test('sees answers that dwindle to a few words', () => {
    const texts = [400, 390, 210, 200, 90, 95, 40, 44, 9, 12].map((length, at) =>
      `${at} ${'ab cd '.repeat(200)}`.slice(0, length),
    )
    expect(findLoop(turns(texts), 2)?.kind).toBe('shrinking')
  })

  test('a talk of short lines throughout is no dwindling', () => {
    const texts = [
      'Yes?',
      'No.',
      'Why not?',
      'Rain.',
      'Still?',
      'It began in March.',
      'So did I.',
      'Ha.',
      'Tea?',
      'Please.',
    ]
    expect(findLoop(turns(texts), 2)).toBeNull()
  })
})

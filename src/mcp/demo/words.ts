import type { Colour } from './colour.ts'

// Which words of a prompt mean what to the painter. A word counts with and without its ending.

const c = (l: number, chroma: number, h: number): Colour => ({ l, c: chroma, h })

/** Colours by name, and things that have one. */
const COLOURS: Record<string, Colour> = {
  ...{ red: c(0.6, 0.22, 27), crimson: c(0.5, 0.2, 20), scarlet: c(0.62, 0.23, 32), blood: c(0.42, 0.17, 25) },
  ...{ rust: c(0.55, 0.14, 42), copper: c(0.64, 0.13, 50), orange: c(0.73, 0.18, 55), ember: c(0.65, 0.2, 42) },
  ...{ amber: c(0.78, 0.16, 72), ochre: c(0.68, 0.12, 78), gold: c(0.82, 0.15, 88), golden: c(0.82, 0.15, 88) },
  ...{ yellow: c(0.89, 0.17, 100), sodium: c(0.8, 0.16, 75), lemon: c(0.93, 0.16, 106), sand: c(0.83, 0.06, 82) },
  ...{ lime: c(0.86, 0.2, 126), moss: c(0.56, 0.1, 125), olive: c(0.58, 0.1, 112), green: c(0.65, 0.17, 146) },
  ...{ emerald: c(0.66, 0.16, 158), jade: c(0.7, 0.11, 165), mint: c(0.88, 0.1, 165), verdigris: c(0.7, 0.08, 185) },
  ...{ teal: c(0.6, 0.1, 195), turquoise: c(0.76, 0.12, 195), cyan: c(0.82, 0.13, 210), azure: c(0.72, 0.14, 245) },
  ...{ blue: c(0.56, 0.19, 260), cobalt: c(0.48, 0.2, 264), navy: c(0.3, 0.1, 266), indigo: c(0.42, 0.18, 280) },
  ...{ violet: c(0.55, 0.21, 298), purple: c(0.52, 0.2, 308), lavender: c(0.8, 0.09, 300), plum: c(0.42, 0.12, 330) },
  ...{ magenta: c(0.64, 0.26, 330), pink: c(0.8, 0.12, 355), rose: c(0.7, 0.16, 8), coral: c(0.74, 0.15, 32) },
  ...{ brown: c(0.45, 0.08, 55), sepia: c(0.6, 0.07, 72), cream: c(0.95, 0.04, 92), ivory: c(0.95, 0.03, 95) },
  ...{ bone: c(0.9, 0.03, 90), white: c(0.97, 0.006, 100), silver: c(0.82, 0.01, 250), grey: c(0.62, 0.012, 250) },
  ...{ gray: c(0.62, 0.012, 250), ash: c(0.68, 0.012, 80), slate: c(0.5, 0.03, 250), black: c(0.17, 0.01, 270) },
  ...{ charcoal: c(0.3, 0.01, 260), ink: c(0.24, 0.04, 268) },
}

/** Colours that words bring along which name none; used when too few are named. */
const AIRS: Record<string, string[]> = {
  ...{ night: ['indigo', 'silver'], dusk: ['violet', 'coral'], dawn: ['rose', 'amber'], evening: ['plum', 'orange'] },
  ...{ morning: ['azure', 'gold'], sunset: ['coral', 'purple'], moon: ['navy', 'bone'], star: ['indigo', 'lemon'] },
  ...{ sea: ['teal', 'navy'], ocean: ['cobalt', 'turquoise'], water: ['azure', 'teal'], river: ['verdigris', 'blue'] },
  ...{ rain: ['slate', 'azure'], storm: ['slate', 'lemon'], ice: ['mint', 'azure'], snow: ['ivory', 'lavender'] },
  ...{ fire: ['scarlet', 'amber'], desert: ['sand', 'rust'], sun: ['gold', 'coral'], smoke: ['ash', 'plum'] },
  ...{ forest: ['emerald', 'moss'], garden: ['green', 'rose'], tree: ['moss', 'ochre'], meadow: ['lime', 'azure'] },
  ...{
    static: ['grey', 'cyan'],
    signal: ['cyan', 'magenta'],
    screen: ['cyan', 'indigo'],
    terminal: ['green', 'black'],
  },
  ...{ neon: ['magenta', 'cyan'], machine: ['copper', 'slate'], city: ['navy', 'sodium'], street: ['slate', 'sodium'] },
  ...{ backrooms: ['yellow', 'ochre'], fluorescent: ['lemon', 'olive'], office: ['cream', 'slate'] },
  ...{ house: ['brown', 'amber'], room: ['ochre', 'teal'], corridor: ['sand', 'verdigris'], door: ['amber', 'slate'] },
  ...{
    dream: ['lavender', 'rose'],
    memory: ['sepia', 'azure'],
    sleep: ['indigo', 'lavender'],
    ghost: ['bone', 'slate'],
  },
  ...{ love: ['rose', 'crimson'], heart: ['crimson', 'pink'], wound: ['blood', 'bone'], silence: ['ivory', 'slate'] },
  ...{
    glass: ['turquoise', 'ivory'],
    mirror: ['silver', 'azure'],
    metal: ['silver', 'slate'],
    stone: ['grey', 'ochre'],
  },
}

export type SceneName =
  | 'sky'
  | 'water'
  | 'rooms'
  | 'signal'
  | 'forest'
  | 'heat'
  | 'city'
  | 'flow'
  | 'field'
  | 'orbit'
  | 'shards'

const SCENES: Record<SceneName, string> = {
  sky: 'night star moon sky cosmos space galaxy constellation planet heaven dusk mountain horizon aurora comet midnight hill',
  water:
    'water sea ocean river lake wave tide rain flood shore harbor harbour boat ship fish pool drown swim island underwater',
  rooms:
    'room house corridor hallway hall door doorway backrooms wall office hotel stairs staircase basement attic window ceiling carpet floor kitchen fluorescent library labyrinth maze threshold',
  signal:
    'static noise signal screen tv television radio glitch code terminal data transmission voice frequency computer pixel broadcast tape loop channel hum network wire cursor simulation',
  forest: 'forest tree garden leaf leaves branch flower root moss grass wood woods plant jungle fern meadow orchard',
  heat: 'fire sun desert flame ember heat dune sand burn ash smoke lava volcano summer candle torch canyon',
  city: 'city tower street building machine factory grid skyline neon bridge train station metropolis engine block concrete roof crowd',
  flow: 'dream mind memory thought wind hair river smoke sleep river song music breath ghost soul language whisper spirit dance',
  field: 'silence empty nothing void quiet still absence alone fog mist snow blank plain grief',
  orbit:
    'circle eye god clock time ring spiral orbit wheel sphere mandala machine god moon cycle eternity sun pupil oracle',
  shards:
    'glass mirror shard crystal broken ice bone fracture knife facet diamond break shatter geometry angel triangle fragment',
}

/** A place is what a picture is of; an hour or a mood is how it looks. */
const PLACES: SceneName[] = ['water', 'rooms', 'signal', 'forest', 'heat', 'city']

export type Motif =
  | 'moon'
  | 'door'
  | 'birds'
  | 'rain'
  | 'stars'
  | 'stairs'
  | 'eye'
  | 'thread'
  | 'figure'
  | 'window'
  | 'boat'

const MOTIFS: Record<Motif, string> = {
  moon: 'moon sun planet lamp bulb orb disc coin',
  door: 'door doorway threshold gate portal exit entrance arch',
  birds: 'bird birds crow gull swallow flock wing raven moth letter paper',
  rain: 'rain storm tears drizzle',
  stars: 'star stars spark glitter dust constellation firefly snow',
  stairs: 'stairs staircase step ladder climb descend',
  eye: 'eye gaze watch witness see look face mask',
  thread: 'thread wire line string crack seam road path vein scar lightning',
  figure: 'figure man woman person child someone stranger king ghost human body shadow angel dancer',
  window: 'window light lamp screen picture frame mirror',
  boat: 'boat ship sail raft vessel',
}

const DARK =
  'night dark black midnight shadow void dim deep underground basement ink charcoal navy terminal neon static space cosmos blood indigo cave drown nocturne abyss'
const LIGHT = 'bright white dawn morning pale snow ivory cream day noon sunlit summer paper fog mist daylight ice'

export interface Reading {
  /** In the order in which the prompt names them. */
  colours: Colour[]
  /** Colours of what it speaks of. */
  airs: Colour[]
  /** Best first; those that score nothing are left out. */
  scenes: SceneName[]
  motifs: Motif[]
  /** Above 0: a dark picture; below: a light one. */
  darkness: number
}

export function readPrompt(prompt: string): Reading {
  const words = prompt
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
    .flatMap((word) => [word, ...stems(word)])
  const known = <T>(table: Record<string, T>) =>
    words.flatMap((word) => (Object.hasOwn(table, word) ? [table[word] as T] : []))
  const scores = <K extends string>(table: Record<K, string>, weight: (name: K) => number = () => 1) =>
    (Object.entries(table) as [K, string][])
      .map(([name, list]) => ({ name, score: weight(name) * score(words, list) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ name }) => name)
  return {
    colours: [...new Set(known(COLOURS))].slice(0, 5),
    airs: [...new Set(known(AIRS).flat())].flatMap((name) => COLOURS[name] ?? []),
    scenes: scores(SCENES, (name) => (PLACES.includes(name) ? 2 : 1)),
    motifs: scores(MOTIFS),
    darkness: hits(words, DARK) - hits(words, LIGHT),
  }
}

/** Without `s`, `es`, `ing`, `ed`. */
function stems(word: string): string[] {
  const cut = [/s$/, /es$/, /ing$/, /ed$/, /y$/].flatMap((ending) =>
    ending.test(word) ? [word.replace(ending, '')] : [],
  )
  return [...new Set([...cut, ...(word.endsWith('ing') ? [`${word.slice(0, -3)}e`] : [])])].filter(
    (stem) => stem.length > 2,
  )
}

const hits = (words: string[], list: string): number => {
  const wanted = new Set(list.split(' '))
  return words.filter((word) => wanted.has(word)).length
}

/** What is named first counts up to half as much again. */
function score(words: string[], list: string): number {
  const wanted = new Set(list.split(' '))
  return words.reduce((sum, word, i) => sum + (wanted.has(word) ? 1.5 - i / words.length / 2 : 0), 0)
}

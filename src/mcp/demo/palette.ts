import { type Colour, lighter, mix, muted } from './colour.ts'
import type { Reading } from './words.ts'

export interface Palette {
  dark: boolean
  /** From the ground's far end to its near end. */
  ground: [Colour, Colour]
  /** Three to five, apart from each other and from the ground. */
  inks: Colour[]
  /** The one small bright thing. */
  accent: Colour
}

/** Angles at which a second hue goes well with a first. */
const HARMONIES = [30, -35, 150, 180, -150, 60, 120]

/** The colours that the prompt names; else those its things have; else some that fit together. */
export function paletteOf(reading: Reading, random: () => number): Palette {
  const chosen = [...reading.colours, ...(reading.colours.length < 2 ? reading.airs : [])].slice(0, 4)
  const first = chosen[0] ?? { l: 0.6, c: 0.12 + random() * 0.06, h: random() * 360 }
  const dark =
    reading.darkness === 0
      ? random() < (chosen.length > 0 ? (lightness(chosen) < 0.72 ? 0.7 : 0.35) : 0.62)
      : reading.darkness > 0
  const angle = HARMONIES[Math.floor(random() * HARMONIES.length)] as number
  const second = chosen[1] ?? { l: dark ? 0.72 : 0.5, c: Math.max(0.09, first.c * 0.8), h: first.h + angle }
  const inks = [first, second, ...chosen.slice(2)].map((ink) => visible(ink, dark))
  while (inks.length < 4) {
    const [a, b] = [inks[0] as Colour, inks[1] as Colour]
    const next = inks.length === 2 ? mix(a, b, 0.5) : { ...a, h: a.h + angle / 2 }
    inks.push(lighter(next, (random() - 0.4) * 0.2))
  }
  const hued = chosen.find((colour) => colour.c > 0.03) ?? first
  const ground: [Colour, Colour] = dark
    ? [
        { l: 0.13 + random() * 0.04, c: Math.min(0.05, 0.015 + hued.c * 0.3), h: hued.h },
        { l: 0.25 + random() * 0.08, c: Math.min(0.09, 0.02 + hued.c * 0.45), h: hued.h + angle * 0.2 },
      ]
    : [
        { l: 0.95, c: Math.min(0.035, 0.01 + hued.c * 0.12), h: hued.h },
        { l: 0.83 + random() * 0.05, c: Math.min(0.07, 0.02 + hued.c * 0.25), h: hued.h + angle * 0.25 },
      ]
  const accent = accentOf(chosen, first, dark)
  return { dark, ground, inks, accent }
}

const lightness = (colours: Colour[]): number => colours.reduce((sum, { l }) => sum + l, 0) / colours.length

/** An ink must stand out from the ground. */
function visible(ink: Colour, dark: boolean): Colour {
  if (dark && ink.l < 0.42) return { ...ink, l: 0.42 + ink.l * 0.25 }
  if (!dark && ink.l > 0.8) return { ...muted(ink, 1.2), l: 0.72 }
  return ink
}

function accentOf(chosen: Colour[], first: Colour, dark: boolean): Colour {
  const named = chosen.length > 2 ? chosen.at(-1) : undefined
  const hue = named?.h ?? first.h + 165
  return dark ? { l: 0.88, c: Math.max(0.1, named?.c ?? 0.13), h: hue } : { l: 0.55, c: 0.21, h: hue }
}

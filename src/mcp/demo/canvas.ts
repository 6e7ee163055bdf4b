import { type Colour, css } from './colour.ts'
import type { Palette } from './palette.ts'

/** A picture being painted: an SVG's definitions and body, and the chance that decides its details. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly palette: Palette
  /** 0 up to 1, the same sequence for the same prompt. */
  readonly random: () => number
  readonly #defs: string[] = []
  readonly #body: string[] = []
  #ids = 0

  constructor(width: number, height: number, palette: Palette, random: () => number) {
    this.width = width
    this.height = height
    this.palette = palette
    this.random = random
  }

  /** The shorter side, by which sizes are measured. */
  get unit(): number {
    return Math.min(this.width, this.height)
  }

  between(low: number, high: number): number {
    return low + this.random() * (high - low)
  }

  chance(probability: number): boolean {
    return this.random() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)] as T
  }

  ink(): Colour {
    return this.pick(this.palette.inks)
  }

  add(...svg: string[]): void {
    this.#body.push(...svg)
  }

  /** Adds a definition and returns `url(#…)` for it. `make` gets the id. */
  def(make: (id: string) => string): string {
    const id = `d${this.#ids++}`
    this.#defs.push(make(id))
    return `url(#${id})`
  }

  /** @param angle in degrees; 90 runs downwards. */
  linear(stops: [offset: number, colour: Colour, alpha?: number][], angle = 90): string {
    const turn = (angle * Math.PI) / 180
    const [x, y] = [Math.cos(turn) / 2, Math.sin(turn) / 2]
    const at = (value: number) => n(0.5 + value)
    return this.def(
      (id) =>
        `<linearGradient id="${id}" x1="${at(-x)}" y1="${at(-y)}" x2="${at(x)}" y2="${at(y)}">${stopsOf(stops)}</linearGradient>`,
    )
  }

  radial(stops: [offset: number, colour: Colour, alpha?: number][]): string {
    return this.def((id) => `<radialGradient id="${id}">${stopsOf(stops)}</radialGradient>`)
  }

  blur(amount: number): string {
    return this.def(
      (id) =>
        `<filter id="${id}" x="-60%" y="-60%" width="220%" height="220%"><feGaussianBlur stdDeviation="${n(amount)}"/></filter>`,
    )
  }

  /** A rectangle whose edges waver, as a hand or a brush does, by so much; as a path's `d`. */
  wavering(x: number, y: number, width: number, height: number, by: number): string {
    const noise = ridge(this.random, 4)
    const long = 2 * (width + height)
    const steps = Math.max(24, Math.round(long / (this.unit * 0.02)))
    const points = Array.from({ length: steps }, (_, i): [number, number] => {
      const at = (i / steps) * long
      const [dx, dy] = [noise((at / this.unit) * 6) * by, noise((at / this.unit) * 6 + 77) * by]
      if (at < width) return [x + at + dx, y + dy]
      if (at < width + height) return [x + width + dx, y + at - width + dy]
      if (at < 2 * width + height) return [x + 2 * width + height - at + dx, y + height + dy]
      return [x + dx, y + long - at + dy]
    })
    return `${line(points)}Z`
  }

  /** The whole ground in the palette's two tones. */
  ground(angle = 90, tones = this.palette.ground): void {
    this.rect(
      0,
      0,
      this.width,
      this.height,
      this.linear(
        [
          [0, tones[0]],
          [1, tones[1]],
        ],
        angle,
      ),
    )
  }

  rect(x: number, y: number, width: number, height: number, fill: string, more = ''): void {
    this.add(`<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${fill}" ${more}/>`)
  }

  circle(x: number, y: number, r: number, fill: string, more = ''): void {
    this.add(`<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}" ${more}/>`)
  }

  path(d: string, more: string): void {
    this.add(`<path d="${d}" ${more}/>`)
  }

  /** A soft light around a point. */
  glow(x: number, y: number, r: number, colour: Colour, alpha: number): void {
    const fill = this.radial([
      [0, colour, alpha],
      [0.35, colour, alpha * 0.45],
      [1, colour, 0],
    ])
    this.circle(x, y, r, fill)
  }

  /** Clouds of a colour over all, thicker here and thinner there. */
  clouds(colour: Colour, alpha: number, [fx, fy]: [number, number], threshold = 0.45): void {
    const seed = Math.floor(this.random() * 1000)
    const gain = n(alpha * 4)
    const cut = n(-alpha * 4 * threshold)
    const filter = this.def(
      (id) =>
        `<filter id="${id}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="${fx} ${fy}" numOctaves="4" seed="${seed}"/><feColorMatrix type="matrix" values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  ${gain} 0 0 0 ${cut}" result="a"/><feFlood flood-color="${css(colour)}"/><feComposite in2="a" operator="in"/></filter>`,
    )
    this.add(`<rect width="${this.width}" height="${this.height}" filter="${filter}"/>`)
  }

  /** What every picture ends with: darker corners and the grain of a surface. */
  finish(): void {
    const { dark, ground } = this.palette
    const corner = dark ? { l: 0.05, c: 0.01, h: ground[0].h } : { l: 0.4, c: 0.05, h: ground[1].h }
    this.rect(
      0,
      0,
      this.width,
      this.height,
      this.radial([
        [0.55, corner, 0],
        [1, corner, dark ? 0.55 : 0.22],
      ]),
    )
    const seed = Math.floor(this.random() * 1000)
    const filter = this.def(
      (id) =>
        `<filter id="${id}" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency="0.7" numOctaves="2" seed="${seed}"/><feColorMatrix type="matrix" values="0.4 0.3 0.3 0 0  0.4 0.3 0.3 0 0  0.4 0.3 0.3 0 0  0 0 0 0 1"/></filter>`,
    )
    this.add(
      `<rect width="${this.width}" height="${this.height}" filter="${filter}" opacity="${dark ? 0.16 : 0.2}" style="mix-blend-mode:soft-light"/>`,
    )
  }

  /** What was painted so far, to be put into another picture; its ids begin with `prefix`. */
  inner(prefix: string): string {
    return `<defs>${this.#defs.join('')}</defs>${this.#body.join('')}`.replaceAll(
      /(id="|url\(#)d(\d+)/g,
      `$1${prefix}$2`,
    )
  }

  svg(): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${this.width}" height="${this.height}" viewBox="0 0 ${this.width} ${this.height}">${this.inner('d')}</svg>`
  }
}

/** A number as short as a drawing needs it. */
export const n = (value: number): string => String(Math.round(value * 100) / 100)

/** `M… L… L…`, or with a curve through the points. */
export function line(points: [number, number][], curved = false): string {
  const [first, ...rest] = points
  if (!first) return ''
  const start = `M${n(first[0])} ${n(first[1])}`
  if (!curved) return start + rest.map(([x, y]) => `L${n(x)} ${n(y)}`).join('')
  return (
    start +
    rest
      .map(([x, y], i) => {
        const next = rest[i + 1]
        const [ex, ey] = next ? [(x + next[0]) / 2, (y + next[1]) / 2] : [x, y]
        return `Q${n(x)} ${n(y)} ${n(ex)} ${n(ey)}`
      })
      .join('')
  )
}

/** Smooth noise along a line, -1 to 1, in `octaves` of halving size. */
export function ridge(random: () => number, octaves = 4): (x: number) => number {
  const tables = Array.from({ length: octaves }, () => Array.from({ length: 256 }, () => random() * 2 - 1))
  return (x) => {
    let [sum, size, scale] = [0, 0.5, 1]
    for (const table of tables) {
      const at = x * scale
      const i = Math.floor(at)
      const t = at - i
      const smooth = t * t * (3 - 2 * t)
      const [a, b] = [table[i & 255] as number, table[(i + 1) & 255] as number]
      sum += (a + (b - a) * smooth) * size
      size /= 2
      scale *= 2
    }
    return sum
  }
}

function stopsOf(stops: [offset: number, colour: Colour, alpha?: number][]): string {
  return stops
    .map(
      ([offset, colour, alpha = 1]) =>
        `<stop offset="${n(offset)}" stop-color="${css(colour)}" stop-opacity="${n(alpha)}"/>`,
    )
    .join('')
}

import type { Canvas } from '../canvas.ts'
import { n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Facets of something broken, lit from one side, each with an edge of light. */
export function shards(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  canvas.ground(canvas.between(30, 150))
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  const heart: [number, number] = [width * canvas.between(0.3, 0.7), height * canvas.between(0.3, 0.7)]
  const step = unit * canvas.between(0.085, 0.12)
  const columns = Math.ceil(width / step) + 3
  const rows = Math.ceil(height / step) + 3
  const point = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column): [number, number] => {
      const [x, y] = [(column - 1 + (row % 2) * 0.5) * step, (row - 1) * step]
      // Drawn in towards the blow, so that the pieces there are small.
      const [dx, dy] = [heart[0] - x, heart[1] - y]
      const pull = 0.34 * Math.exp(-(dx * dx + dy * dy) / (unit * 0.42) ** 2)
      return [x + canvas.between(-0.4, 0.4) * step + dx * pull, y + canvas.between(-0.4, 0.4) * step + dy * pull]
    }),
  )
  const light = canvas.random() * Math.PI * 2
  for (let row = 0; row + 1 < rows; row++)
    for (let column = 0; column + 1 < columns; column++) {
      const at = (r: number, c: number) => (point[r] as [number, number][])[c] as [number, number]
      const [p, q, r, s] = [at(row, column), at(row, column + 1), at(row + 1, column), at(row + 1, column + 1)]
      for (const facet of canvas.chance(0.5)
        ? [
            [p, q, r],
            [q, s, r],
          ]
        : [
            [p, q, s],
            [p, s, r],
          ])
        piece(canvas, facet as [number, number][], { a, b, heart, light })
    }
  cracks(canvas, heart)
  canvas.glow(...heart, unit * 0.5, lighter(palette.accent, 0.04), palette.dark ? 0.75 : 0.5)
}

interface Lighting {
  a: Colour
  b: Colour
  heart: [number, number]
  light: number
}

function piece(canvas: Canvas, facet: [number, number][], { a, b, heart, light }: Lighting): void {
  const { width, unit, palette } = canvas
  const [cx, cy] = [facet.reduce((sum, [x]) => sum + x, 0) / 3, facet.reduce((sum, [, y]) => sum + y, 0) / 3]
  const far = Math.hypot(cx - heart[0], cy - heart[1]) / unit
  const tilt = Math.cos(canvas.random() * Math.PI * 2 - light)
  const hue = mix(a, b, Math.min(1, Math.max(0, cx / width + canvas.between(-0.25, 0.25))))
  const tone = lighter(
    mix(hue, palette.ground[palette.dark ? 0 : 1], Math.min(0.82, far * (palette.dark ? 0.95 : 0.6))),
    tilt * 0.11,
  )
  const d = `M${facet.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}Z`
  const other = canvas.chance(0.07) ? palette.accent : tone
  canvas.path(
    d,
    `fill="${canvas.linear(
      [
        [0, lighter(other, 0.05)],
        [1, lighter(other, -0.07)],
      ],
      canvas.random() * 360,
    )}" stroke="${css(lighter(tone, palette.dark ? 0.14 : 0.16), 0.4)}" stroke-width="0.8" stroke-linejoin="round"`,
  )
}

function cracks(canvas: Canvas, [hx, hy]: [number, number]): void {
  const { unit, palette } = canvas
  for (let i = 0; i < 11; i++) {
    let [x, y, turn] = [hx, hy, ((i + canvas.random() * 0.7) / 11) * Math.PI * 2]
    let d = `M${n(x)} ${n(y)}`
    const steps = 6 + Math.floor(canvas.random() * 12)
    for (let k = 0; k < steps; k++) {
      turn += canvas.between(-0.16, 0.16)
      x += Math.cos(turn) * unit * 0.045
      y += Math.sin(turn) * unit * 0.045
      d += `L${n(x)} ${n(y)}`
    }
    canvas.path(
      d,
      `fill="none" stroke="${css(lighter(palette.accent, 0.06), 0.75)}" stroke-width="${n(canvas.between(0.7, 2))}" stroke-linejoin="round"`,
    )
  }
}

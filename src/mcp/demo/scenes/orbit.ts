import type { Canvas } from '../canvas.ts'
import { n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Rings and arcs about one centre that may be an eye, a clock or a star, with a spiral of seeds inside. */
export function orbit(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  canvas.ground(canvas.between(60, 120))
  const [x, y] = [width * canvas.between(0.4, 0.6), height * canvas.between(0.45, 0.55)]
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  canvas.glow(x, y, unit * 0.95, mix(a, b, 0.3), palette.dark ? 0.42 : 0.5)
  canvas.clouds(b, 0.22, [0.004, 0.006])
  rays(canvas, x, y)
  const rings = 15
  for (let i = rings; i > 0; i--) {
    const r = unit * (0.1 + (i / rings) ** 1.25 * 0.52)
    const tone = lighter(mix(a, b, canvas.random()), canvas.between(-0.1, 0.12))
    arc(
      canvas,
      x,
      y,
      r,
      canvas.random() * 360,
      canvas.between(50, 330),
      unit * canvas.between(0.002, 0.017),
      css(tone, 0.55 + canvas.random() * 0.4),
      canvas.chance(0.3),
    )
    if (canvas.chance(0.65)) {
      const turn = canvas.random() * Math.PI * 2
      const [px, py] = [x + Math.cos(turn) * r, y + Math.sin(turn) * r]
      const size = unit * canvas.between(0.004, 0.016)
      const dot = canvas.chance(0.25) ? palette.accent : lighter(canvas.ink(), 0.1)
      canvas.glow(px, py, size * 4, dot, 0.4)
      canvas.circle(px, py, size, css(dot))
    }
  }
  seeds(canvas, x, y, unit * 0.2, a, b)
  pupil(canvas, x, y, unit * canvas.between(0.055, 0.085))
}

function rays(canvas: Canvas, x: number, y: number): void {
  const { unit } = canvas
  const count = 90 + Math.floor(canvas.random() * 90)
  const tone = lighter(canvas.palette.inks[1] as Colour, canvas.palette.dark ? 0.1 : -0.05)
  let d = ''
  for (let i = 0; i < count; i++) {
    const turn = (i / count) * Math.PI * 2
    const [from, to] = [unit * canvas.between(0.22, 0.34), unit * canvas.between(0.45, 0.95)]
    d += `M${n(x + Math.cos(turn) * from)} ${n(y + Math.sin(turn) * from)}L${n(x + Math.cos(turn) * to)} ${n(y + Math.sin(turn) * to)}`
  }
  canvas.path(d, `stroke="${css(tone, 0.26)}" stroke-width="0.9"`)
}

function arc(
  canvas: Canvas,
  x: number,
  y: number,
  r: number,
  from: number,
  sweep: number,
  w: number,
  stroke: string,
  dashed: boolean,
): void {
  const at = (degrees: number) =>
    [x + r * Math.cos((degrees * Math.PI) / 180), y + r * Math.sin((degrees * Math.PI) / 180)] as const
  const [[sx, sy], [ex, ey]] = [at(from), at(from + sweep)]
  const dash = dashed ? `stroke-dasharray="${n(w * 0.5)} ${n(w * 1.6 + 2)}"` : ''
  canvas.path(
    `M${n(sx)} ${n(sy)}A${n(r)} ${n(r)} 0 ${sweep > 180 ? 1 : 0} 1 ${n(ex)} ${n(ey)}`,
    `fill="none" stroke="${stroke}" stroke-width="${n(w)}" ${dash}`,
  )
}

/** As a sunflower sets them: each a golden angle on from the last. */
function seeds(canvas: Canvas, x: number, y: number, reach: number, a: Colour, b: Colour): void {
  const { palette } = canvas
  canvas.circle(
    x,
    y,
    reach,
    canvas.radial([
      [0, palette.ground[0]],
      [0.8, mix(palette.ground[0], a, 0.25)],
      [1, mix(palette.ground[1], a, 0.5)],
    ]),
  )
  for (let i = 18; i < 420; i++) {
    const r = reach * Math.sqrt(i / 430)
    const turn = i * 2.399963
    const t = r / reach
    canvas.circle(
      x + Math.cos(turn) * r,
      y + Math.sin(turn) * r,
      reach * (0.008 + t * 0.021),
      css(lighter(mix(a, b, t), palette.dark ? 0.14 - t * 0.12 : -0.05), 0.9),
    )
  }
}

function pupil(canvas: Canvas, x: number, y: number, r: number): void {
  const { palette } = canvas
  canvas.glow(x, y, r * 3, palette.accent, 0.55)
  canvas.circle(
    x,
    y,
    r,
    canvas.radial([
      [0, { l: 0.06, c: 0.01, h: 280 }],
      [0.72, { l: 0.1, c: 0.02, h: 280 }],
      [0.8, palette.accent],
      [1, mix(palette.accent, palette.ground[0], 0.4)],
    ]),
  )
  canvas.circle(x - r * 0.3, y - r * 0.32, r * 0.13, css({ l: 0.98, c: 0.01, h: 90 }, 0.9))
}

import type { Canvas } from '../canvas.ts'
import { n } from '../canvas.ts'
import { css, lighter, mix } from '../colour.ts'

/** Water to the horizon, with the light of something low over it broken up in strokes. */
export function water(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  const [a, b] = [palette.inks[0] ?? palette.accent, palette.inks[1] ?? palette.accent]
  const horizon = height * canvas.between(0.34, 0.46)
  const light = palette.dark ? palette.accent : lighter(b, 0.1)
  const low = mix(palette.ground[1], b, palette.dark ? 0.5 : 0.45)
  canvas.rect(
    0,
    0,
    width,
    horizon + 1,
    canvas.linear([
      [0, mix(palette.ground[0], a, 0.15)],
      [0.6, mix(palette.ground[1], b, 0.25)],
      [1, low],
    ]),
  )
  canvas.clouds(lighter(low, 0.1), 0.55, [0.0035, 0.02], 0.47)
  canvas.clouds(mix(palette.ground[0], a, 0.4), 0.5, [0.003, 0.025], 0.52)
  const x = width * canvas.between(0.25, 0.75)
  const r = unit * canvas.between(0.05, 0.12)
  const y = horizon - r * canvas.between(-0.2, 1.6)
  canvas.glow(x, y, r * 5, light, 0.5)
  const clip = canvas.def((id) => `<clipPath id="${id}"><rect width="${width}" height="${n(horizon)}"/></clipPath>`)
  canvas.circle(
    x,
    y,
    r,
    canvas.linear([
      [0, lighter(light, 0.08)],
      [1, mix(light, b, 0.4)],
    ]),
    `clip-path="${clip}"`,
  )
  const deep = palette.dark ? mix(palette.ground[0], a, 0.25) : mix(a, { l: 0.35, c: 0.08, h: a.h }, 0.35)
  canvas.rect(
    0,
    horizon,
    width,
    height - horizon,
    canvas.linear([
      [0, mix(low, a, 0.45)],
      [0.3, mix(deep, a, 0.4)],
      [1, deep],
    ]),
  )
  swell(canvas, horizon, deep, a, b)
  glitter(canvas, { x, horizon, r }, light)
  canvas.rect(
    0,
    horizon - unit * 0.02,
    width,
    unit * 0.04,
    canvas.linear([
      [0, low, 0],
      [0.5, lighter(low, 0.12), 0.7],
      [1, low, 0],
    ]),
  )
}

type Tone = ReturnType<typeof mix>

/** Lens-shaped strokes, small far away and long near by. */
function swell(canvas: Canvas, horizon: number, deep: Tone, a: Tone, b: Tone): void {
  const { width, height } = canvas
  for (let i = 0; i < 620; i++) {
    const t = canvas.random() ** 1.5
    const y = horizon + (height - horizon) * t
    const long = width * (0.015 + t * 0.19) * canvas.between(0.4, 1.3)
    const thick = height * (0.0012 + t * 0.016) * canvas.between(0.4, 1.1)
    const x = canvas.between(-0.1, 1.1) * width
    const tone = canvas.chance(0.5)
      ? lighter(mix(a, b, canvas.random()), canvas.between(-0.05, 0.1))
      : lighter(deep, canvas.between(-0.06, 0.05))
    stroke(canvas, x, y, long, thick, css(tone, 0.14 + canvas.random() * 0.3))
  }
}

function glitter(canvas: Canvas, { x, horizon, r }: { x: number; horizon: number; r: number }, light: Tone): void {
  const { height } = canvas
  for (let i = 0; i < 230; i++) {
    const t = canvas.random() ** 1.2
    const y = horizon + (height - horizon) * t
    const spread = r * (0.7 + t * 3.2)
    const off = (canvas.random() + canvas.random() + canvas.random() - 1.5) * spread * 0.9
    const near = 1 - Math.min(1, Math.abs(off) / spread)
    stroke(
      canvas,
      x + off,
      y,
      r * (0.16 + t * 1.1) * canvas.between(0.4, 1.2),
      height * (0.0015 + t * 0.008),
      css(lighter(light, 0.05), (0.25 + near * 0.6) * (1 - t * 0.45)),
    )
  }
}

function stroke(canvas: Canvas, x: number, y: number, long: number, thick: number, fill: string): void {
  const d = `M${n(x - long / 2)} ${n(y)}Q${n(x)} ${n(y - thick)} ${n(x + long / 2)} ${n(y)}Q${n(x)} ${n(y + thick)} ${n(x - long / 2)} ${n(y)}Z`
  canvas.path(d, `fill="${fill}"`)
}

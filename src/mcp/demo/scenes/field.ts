import type { Canvas } from '../canvas.ts'
import { n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Two or three great fields of colour with breathing edges, and one small thing that is out of place. */
export function field(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  canvas.ground(canvas.between(80, 100), [mix(palette.ground[0], a, 0.18), mix(palette.ground[1], b, 0.12)])
  canvas.clouds(lighter(a, -0.05), 0.3, [0.004, 0.006])
  const count = canvas.chance(0.55) ? 2 : 3
  const gap = height * 0.035
  let y = height * 0.08
  const inks = [a, b, palette.inks[2] ?? a]
  for (let i = 0; i < count; i++) {
    const left = height * 0.92 - y
    const tall = i === count - 1 ? left : (left / (count - i)) * canvas.between(0.6, 1.25)
    band(canvas, width * 0.09, y, width * 0.82, tall - gap, inks[i] as Colour)
    y += tall
  }
  mark(canvas, width * canvas.between(0.2, 0.8), height * canvas.between(0.3, 0.7), unit)
}

/** Many thin coats, each a little off the other, so that the edge is none. */
function band(canvas: Canvas, x: number, y: number, w: number, h: number, ink: Colour): void {
  const { unit, palette } = canvas
  for (let coat = 0; coat < 6; coat++) {
    const off = () => canvas.between(-0.014, 0.014) * unit
    const tone = lighter(mix(ink, canvas.ink(), canvas.random() * 0.16), canvas.between(-0.05, 0.05))
    const fill = canvas.linear(
      [
        [0, lighter(tone, 0.05)],
        [0.5, tone],
        [1, mix(tone, palette.ground[0], 0.25)],
      ],
      canvas.between(40, 140),
    )
    const edge = canvas.wavering(x + off(), y + off(), w + off(), h + off(), unit * 0.02)
    canvas.path(edge, `fill="${fill}" opacity="0.5"`)
  }
  const clip = canvas.def(
    (id) => `<clipPath id="${id}"><rect x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}"/></clipPath>`,
  )
  canvas.add(`<g clip-path="${clip}">`)
  canvas.clouds(lighter(ink, 0.14), 0.3, [0.006, 0.02], 0.5)
  canvas.clouds(mix(ink, palette.ground[0], 0.6), 0.3, [0.012, 0.004], 0.53)
  canvas.add('</g>')
}

function mark(canvas: Canvas, x: number, y: number, unit: number): void {
  const { accent } = canvas.palette
  const kind = canvas.pick(['dot', 'line', 'square', 'ring'])
  canvas.glow(x, y, unit * 0.13, accent, 0.55)
  if (kind === 'dot') canvas.circle(x, y, unit * 0.017, css(accent))
  if (kind === 'ring')
    canvas.circle(x, y, unit * 0.03, 'none', `stroke="${css(accent)}" stroke-width="${n(unit * 0.006)}"`)
  if (kind === 'square')
    canvas.rect(
      x,
      y,
      unit * 0.028,
      unit * 0.028,
      css(accent),
      `transform="rotate(${n(canvas.between(-12, 12))} ${n(x)} ${n(y)})"`,
    )
  if (kind === 'line')
    canvas.path(
      `M${n(x)} ${n(y - unit * 0.16)}Q${n(x + unit * 0.012)} ${n(y)} ${n(x - unit * 0.006)} ${n(y + unit * 0.16)}`,
      `fill="none" stroke="${css(accent)}" stroke-width="${n(unit * 0.006)}" stroke-linecap="round"`,
    )
}

import type { Canvas } from '../canvas.ts'
import { n, ridge } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** A great disc over dunes that run into each other, with sparks rising. */
export function heat(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  const air = palette.dark ? mix(palette.ground[1], a, 0.4) : mix(palette.ground[0], a, 0.25)
  canvas.rect(
    0,
    0,
    width,
    height,
    canvas.linear([
      [0, mix(palette.ground[0], a, 0.12)],
      [0.5, mix(air, b, 0.25)],
      [0.75, lighter(mix(air, b, 0.5), 0.1)],
      [1, air],
    ]),
  )
  const [x, y, r] = [
    width * canvas.between(0.3, 0.7),
    height * canvas.between(0.36, 0.5),
    unit * canvas.between(0.24, 0.34),
  ]
  canvas.glow(x, y, r * 2.5, b, 0.6)
  canvas.circle(
    x,
    y,
    r,
    canvas.linear([
      [0, mix(b, { l: 0.95, c: 0.08, h: b.h + 18 }, 0.65)],
      [0.5, lighter(b, 0.08)],
      [1, mix(b, a, 0.7)],
    ]),
  )
  for (let i = 0; i < 9; i++) {
    const t = i / 9
    canvas.rect(x - r * 1.05, y + r * (0.02 + t * 1.02), r * 2.1, r * (0.006 + t * 0.06), css(mix(air, b, 0.35), 0.8))
  }
  canvas.clouds(lighter(a, 0.08), 0.4, [0.002, 0.03], 0.5)
  dunes(canvas, a, b)
  sparks(canvas, x)
}

/** Each lit from the side, the next from the other, so that crests stand out against what lies behind. */
function dunes(canvas: Canvas, a: Colour, b: Colour): void {
  const { width, height, palette } = canvas
  const count = 7
  for (let i = 0; i < count; i++) {
    const t = i / (count - 1)
    const noise = ridge(canvas.random, 2)
    const base = height * (0.62 + t * 0.33)
    const bent = canvas.between(1.4, 2.2)
    const top = (x: number) => base - noise((x / width) * bent + i * 5) * height * (0.13 + t * 0.12)
    const lit = palette.dark ? lighter(mix(b, a, t), 0.02 - t * 0.12) : lighter(mix(b, a, t * 0.7), 0.03)
    const shade = palette.dark
      ? mix(palette.ground[0], a, 0.34 - t * 0.24)
      : mix(a, { l: 0.35, c: 0.09, h: a.h }, 0.25 + t * 0.3)
    let d = `M0 ${height}`
    for (let x = 0; x <= width + 8; x += 8) d += `L${n(x)} ${n(top(x))}`
    const from = (i % 2 === 0 ? 20 : 160) + canvas.between(-12, 12)
    canvas.path(
      `${d}L${width} ${height}Z`,
      `fill="${canvas.linear(
        [
          [0.1, lit],
          [0.5, mix(lit, shade, 0.45)],
          [0.85, shade],
        ],
        from,
      )}"`,
    )
    for (let k = 0; k < 8; k++) {
      let ripple = ''
      const off = (5 + k * 8) * (0.5 + t)
      for (let x = 0; x <= width; x += 16)
        ripple += `${x === 0 ? 'M' : 'L'}${x} ${n(top(x) + off + Math.sin(x / 26 + k) * 1.6)}`
      canvas.path(ripple, `fill="none" stroke="${css(lighter(lit, 0.08), 0.13)}" stroke-width="1.2"`)
    }
  }
}

function sparks(canvas: Canvas, x: number): void {
  const { width, height, unit, palette } = canvas
  for (let i = 0; i < 90; i++) {
    const t = canvas.random()
    const px = x + (canvas.random() + canvas.random() - 1) * width * (0.12 + t * 0.5)
    const py = height * (0.95 - t * 0.9)
    const r = unit * (0.001 + canvas.random() ** 4 * 0.005)
    canvas.circle(px, py, r, css(lighter(palette.accent, 0.05), 0.85 * (1 - t * 0.6)))
    if (canvas.chance(0.12)) canvas.glow(px, py, r * 7, palette.accent, 0.5)
  }
}

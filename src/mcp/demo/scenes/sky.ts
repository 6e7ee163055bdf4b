import type { Canvas } from '../canvas.ts'
import { n, ridge } from '../canvas.ts'
import { css, lighter, mix } from '../colour.ts'

/** A sky over ranges of hills: stars and a moon when it is dark, a sun behind haze when it is not. */
export function sky(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  const [first, second] = palette.inks as [(typeof palette.inks)[0], (typeof palette.inks)[0]]
  const glow = mix(first, second, 0.4)
  const far = palette.dark ? mix(palette.ground[1], glow, 0.55) : mix(palette.ground[1], glow, 0.5)
  canvas.rect(
    0,
    0,
    width,
    height,
    canvas.linear([
      [0, palette.ground[0]],
      [0.55, mix(palette.ground[1], first, 0.25)],
      [0.8, far],
      [1, far],
    ]),
  )
  const disc = {
    x: width * canvas.between(0.2, 0.8),
    y: height * canvas.between(0.18, 0.42),
    r: unit * canvas.between(0.06, 0.17),
  }
  if (palette.dark) stars(canvas, disc)
  else canvas.clouds(lighter(second, 0.12), 0.5, [0.004, 0.014], 0.45)
  moon(canvas, disc)
  canvas.clouds(far, 0.5, [0.003, 0.016], 0.5)
  ranges(canvas, far)
}

function stars(canvas: Canvas, disc: { x: number; y: number; r: number }): void {
  const { width, height, unit, palette } = canvas
  const tilt = canvas.between(-0.5, 0.5)
  const [mx, my] = [width * canvas.between(0.3, 0.7), height * 0.3]
  const milk = lighter(palette.inks[1] ?? palette.accent, 0.1)
  canvas.add(`<g transform="rotate(${n((tilt * 180) / Math.PI)} ${n(mx)} ${n(my)})">`)
  for (let i = 0; i < 5; i++)
    canvas.add(
      `<ellipse cx="${n(mx + canvas.between(-0.3, 0.3) * width)}" cy="${n(my + canvas.between(-0.06, 0.06) * height)}" rx="${n(width * canvas.between(0.2, 0.5))}" ry="${n(height * canvas.between(0.03, 0.09))}" fill="${css(milk, 0.13)}" filter="${canvas.blur(unit * 0.035)}"/>`,
    )
  canvas.add('</g>')
  for (let i = 0; i < 420; i++) {
    const band = canvas.chance(0.45)
    const along = canvas.between(-0.75, 0.75) * width
    const off = band ? (canvas.random() + canvas.random() + canvas.random() - 1.5) * height * 0.14 : 0
    const x = band ? mx + along * Math.cos(tilt) - off * Math.sin(tilt) : canvas.random() * width
    const y = band ? my + along * Math.sin(tilt) + off * Math.cos(tilt) : canvas.random() * height * 0.8
    if (Math.hypot(x - disc.x, y - disc.y) < disc.r * 1.3) continue
    const size = canvas.random() ** 5
    const colour = mix({ l: 0.96, c: 0.02, h: 90 }, canvas.ink(), canvas.random() * 0.5)
    canvas.circle(x, y, unit * (0.0008 + size * 0.0032), css(lighter(colour, 0.1), 0.35 + canvas.random() * 0.65))
    if (size > 0.72) canvas.glow(x, y, unit * 0.03, colour, 0.5)
  }
}

function moon(canvas: Canvas, { x, y, r }: { x: number; y: number; r: number }): void {
  const { palette } = canvas
  const light = palette.dark ? lighter(palette.accent, 0.06) : palette.accent
  canvas.glow(x, y, r * 4.2, light, palette.dark ? 0.42 : 0.35)
  const face = canvas.radial([
    [0, lighter(light, 0.08)],
    [0.75, light],
    [1, mix(light, palette.ground[1], 0.35)],
  ])
  const kind = canvas.pick(['full', 'crescent', 'ring', 'cut'])
  if (kind === 'ring') {
    canvas.circle(x, y, r, 'none', `stroke="${css(light)}" stroke-width="${n(r * 0.1)}"`)
    canvas.circle(x, y, r * 0.72, face)
  } else {
    if (kind === 'crescent') {
      const turn = canvas.between(-60, 60)
      const d = `M${n(x)} ${n(y - r)}A${n(r)} ${n(r)} 0 1 0 ${n(x)} ${n(y + r)}A${n(r * 1.18)} ${n(r * 1.18)} 0 0 1 ${n(x)} ${n(y - r)}Z`
      canvas.path(d, `fill="${face}" transform="rotate(${n(turn)} ${n(x)} ${n(y)})"`)
    } else canvas.circle(x, y, r, face)
    if (kind === 'cut')
      for (let i = 0; i < 4; i++) {
        const [from, thick] = [0.1 + i * 0.22, 0.035 + i * 0.025]
        const half = r * Math.sqrt(1 - (from + thick) ** 2)
        canvas.rect(
          x - half,
          y + r * from,
          half * 2,
          r * thick,
          css(mix(palette.ground[1], palette.inks[0] ?? light, 0.3)),
        )
      }
  }
}

function ranges(canvas: Canvas, far: ReturnType<typeof mix>): void {
  const { width, height, unit, palette } = canvas
  const near = palette.dark
    ? lighter(palette.ground[0], -0.05)
    : mix(palette.inks[0] ?? far, { l: 0.2, c: 0.05, h: far.h }, 0.55)
  const count = 4 + Math.floor(canvas.random() * 3)
  for (let i = 0; i < count; i++) {
    const t = (i + 1) / count
    const base = height * (0.58 + t * 0.34)
    const noise = ridge(canvas.random, 5)
    const tall = height * (0.2 - t * 0.07) * canvas.between(0.7, 1.3)
    const step = width / 90
    let d = `M0 ${height}`
    for (let x = 0; x <= width + step; x += step)
      d += `L${n(x)} ${n(base - noise((x / width) * (2 + t * 2.4) + 7 * i) * tall)}`
    const tone = mix(far, near, t ** 0.8)
    canvas.path(
      `${d}L${width} ${height}Z`,
      `fill="${canvas.linear([
        [0, lighter(tone, 0.05)],
        [0.5, tone],
        [1, mix(tone, near, 0.5)],
      ])}"`,
    )
    if (i < count - 1)
      canvas.rect(
        0,
        base - unit * 0.06,
        width,
        unit * 0.16,
        canvas.linear([
          [0, far, 0],
          [0.6, far, 0.3],
          [1, far, 0],
        ]),
      )
  }
}

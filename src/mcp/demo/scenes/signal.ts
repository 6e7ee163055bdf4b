import type { Canvas } from '../canvas.ts'
import { n, ridge } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** A transmission: stacked traces of something trying to come through, torn and full of lines. */
export function signal(canvas: Canvas): void {
  const { width, height, palette } = canvas
  canvas.ground(canvas.between(70, 110))
  canvas.glow(
    width * canvas.between(0.3, 0.7),
    height * canvas.between(0.35, 0.65),
    canvas.unit * 0.7,
    canvas.ink(),
    palette.dark ? 0.3 : 0.4,
  )
  if (canvas.chance(0.55)) traces(canvas)
  else bars(canvas)
  tears(canvas)
  snow(canvas)
  for (let y = 0; y < height; y += 4)
    canvas.rect(
      0,
      y,
      width,
      1.4,
      css({ l: palette.dark ? 0.04 : 0.5, c: 0.02, h: palette.ground[0].h }, palette.dark ? 0.38 : 0.12),
    )
}

function traces(canvas: Canvas): void {
  const { width, height, palette } = canvas
  const rows = 34 + Math.floor(canvas.random() * 14)
  const [centre, spread] = [canvas.between(0.38, 0.62), canvas.between(0.1, 0.19)]
  const second = centre + canvas.between(-0.3, 0.3)
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  for (let row = 0; row < rows; row++) {
    const t = row / (rows - 1)
    const base = height * (0.17 + t * 0.7)
    const noise = ridge(canvas.random, 4)
    const push = Math.sin(t * Math.PI) * height * 0.24
    let d = ''
    for (let i = 0; i <= 160; i++) {
      const u = i / 160
      const hump = Math.exp(-(((u - centre) / spread) ** 2)) + 0.5 * Math.exp(-(((u - second) / (spread * 0.6)) ** 2))
      const y = base - Math.abs(noise(u * 13 + row)) * hump * push - noise(u * 40) * 2
      d += `${i === 0 ? 'M' : 'L'}${n(width * (0.06 + u * 0.88))} ${n(y)}`
    }
    const tone = lighter(mix(a, b, t), palette.dark ? 0.12 : -0.1)
    const ground = mix(palette.ground[0], palette.ground[1], 0.2 + t * 0.6)
    canvas.path(
      `${d}L${n(width * 0.94)} ${n(base + 30)}L${n(width * 0.06)} ${n(base + 30)}Z`,
      `fill="${canvas.linear([
        [0, mix(ground, tone, 0.2), 0.95],
        [0.7, ground, 0.6],
        [1, ground, 0],
      ])}"`,
    )
    canvas.path(
      d,
      `fill="none" stroke="${css(tone)}" stroke-width="${n(1 + Math.sin(t * Math.PI) * 0.9)}" stroke-linejoin="round"`,
    )
  }
}

function bars(canvas: Canvas): void {
  const { width, height, palette } = canvas
  const inks = [...palette.inks, palette.accent, ...palette.inks.map((ink) => lighter(ink, palette.dark ? 0.1 : -0.12))]
  const [x0, y0, w, h] = [width * 0.13, height * 0.12, width * 0.74, height * 0.76]
  let x = 0
  while (x < w) {
    const wide = Math.min(w - x, w * canvas.between(0.03, 0.14))
    const ink = canvas.pick(inks)
    const cut = canvas.between(0.55, 0.85)
    canvas.rect(
      x0 + x,
      y0,
      wide + 0.6,
      h * cut,
      canvas.linear([
        [0, lighter(ink, 0.05)],
        [1, mix(ink, palette.ground[1], 0.25)],
      ]),
    )
    canvas.rect(x0 + x, y0 + h * cut, wide + 0.6, h * (1 - cut), css(mix(canvas.pick(inks), palette.ground[0], 0.55)))
    x += wide
  }
  canvas.rect(
    x0,
    y0,
    w,
    h,
    canvas.radial([
      [0, palette.ground[0], 0],
      [0.7, palette.ground[0], 0.1],
      [1, palette.ground[0], 0.75],
    ]),
  )
  const [cx, cy, r] = [x0 + w * canvas.between(0.35, 0.65), y0 + h * 0.48, h * canvas.between(0.2, 0.34)]
  for (let i = 0; i < 42; i++) {
    const y = cy - r + (2 * r * i) / 41
    const half = Math.sqrt(Math.max(0, r * r - (y - cy) ** 2)) * canvas.between(0.86, 1.12)
    canvas.rect(
      cx - half + canvas.between(-6, 6),
      y,
      half * 2,
      (2 * r) / 82,
      css(lighter(palette.accent, palette.dark ? 0.08 : 0), 0.9),
    )
  }
}

/** Strips that slipped sideways, with their colours apart. */
function tears(canvas: Canvas): void {
  const { width, height, palette } = canvas
  for (let i = 0; i < 26; i++) {
    const y = canvas.random() * height
    const thin = canvas.chance(0.75)
    const h = thin ? canvas.between(1, 4) : canvas.between(6, 20)
    const x = canvas.between(-0.2, 0.9) * width
    const w = width * canvas.between(0.08, 0.6)
    const [a, b] = [canvas.ink(), palette.accent]
    canvas.rect(x - 5, y, w, h, css(lighter(a, 0.1), thin ? 0.5 : 0.16), 'style="mix-blend-mode:screen"')
    canvas.rect(x + 6, y + 1, w, h, css(b, thin ? 0.42 : 0.12), 'style="mix-blend-mode:screen"')
  }
}

function snow(canvas: Canvas): void {
  const { width, height, palette } = canvas
  const tone = palette.dark ? { l: 0.95, c: 0.01, h: 200 } : { l: 0.25, c: 0.02, h: 260 }
  let d = ''
  for (let i = 0; i < 1500; i++) {
    const y = canvas.random() * height
    const x = canvas.random() * width
    d += `M${n(x)} ${n(y)}h${n(canvas.between(0.6, 3.4))}`
  }
  canvas.path(d, `stroke="${css(tone, 0.34)}" stroke-width="1"`)
  canvas.clouds(tone, 0.35, [0.006, 0.4], 0.56)
}

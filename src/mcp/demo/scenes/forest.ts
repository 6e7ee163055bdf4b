import type { Canvas } from '../canvas.ts'
import { n, ridge } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Trunks in mist, the near ones dark and the far ones nearly gone, with light falling between them. */
export function forest(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  const mist = palette.dark ? mix(mix(a, b, 0.4), palette.ground[1], 0.45) : mix(palette.ground[0], b, 0.3)
  const near = palette.dark
    ? lighter(mix(palette.ground[0], a, 0.15), -0.03)
    : mix(a, { l: 0.22, c: 0.04, h: a.h }, 0.6)
  canvas.rect(
    0,
    0,
    width,
    height,
    canvas.linear([
      [0, mix(mist, palette.ground[0], 0.45)],
      [0.55, lighter(mist, 0.12)],
      [1, mix(near, mist, 0.35)],
    ]),
  )
  const sun: [number, number] = [width * canvas.between(0.25, 0.75), height * canvas.between(0.28, 0.5)]
  const light = palette.dark ? lighter(palette.accent, 0.04) : lighter(b, 0.22)
  canvas.glow(...sun, unit * 0.75, light, 0.75)
  canvas.circle(
    sun[0],
    sun[1],
    unit * canvas.between(0.03, 0.07),
    css(lighter(light, 0.1), 0.9),
    `filter="${canvas.blur(2)}"`,
  )
  const layers = 5
  for (let layer = 0; layer < layers; layer++) {
    const t = layer / (layers - 1)
    const tone = mix(mist, near, t ** 1.1)
    ground(canvas, height * (0.66 + t * 0.24), tone, mix(tone, near, 0.4))
    const trunks = Math.round(17 - t * 11)
    for (let i = 0; i < trunks; i++)
      trunk(
        canvas,
        ((i + canvas.between(0.1, 0.9)) / trunks) * width,
        height * (0.7 + t * 0.3),
        unit * (0.006 + t ** 1.6 * 0.045) * canvas.between(0.6, 1.3),
        tone,
      )
    leaves(canvas, t, [mix(tone, a, 0.6), mix(tone, b, 0.5), mix(tone, palette.accent, 0.4)])
    if (layer < layers - 1) {
      canvas.clouds(lighter(mist, 0.14), 0.32, [0.004, 0.012], 0.47)
      canvas.glow(...sun, unit * 0.6, light, 0.14)
    }
  }
  shafts(canvas, sun, light)
}

function ground(canvas: Canvas, y: number, from: Colour, to: Colour): void {
  const { width, height } = canvas
  const noise = ridge(canvas.random, 4)
  let d = `M0 ${height}`
  for (let x = 0; x <= width + 12; x += 12) d += `L${n(x)} ${n(y + noise(x / 120) * height * 0.035)}`
  canvas.path(
    `${d}L${width} ${height}Z`,
    `fill="${canvas.linear([
      [0, from],
      [1, to],
    ])}"`,
  )
}

function trunk(canvas: Canvas, x: number, foot: number, w: number, tone: Colour): void {
  const lean = canvas.between(-0.05, 0.05) * canvas.height
  const [top, mid] = [x + lean, x + lean * canvas.between(0.1, 0.6)]
  const fill = canvas.linear(
    [
      [0, lighter(tone, -0.03)],
      [0.6, tone],
      [1, lighter(tone, 0.06)],
    ],
    0,
  )
  canvas.path(
    `M${n(x - w * 0.8)} ${n(foot)}Q${n(mid - w * 0.4)} ${n(foot * 0.6)} ${n(top - w * 0.3)} -5L${n(top + w * 0.3)} -5Q${n(mid + w * 0.4)} ${n(foot * 0.6)} ${n(x + w * 0.9)} ${n(foot)}Z`,
    `fill="${fill}"`,
  )
  const branches = Math.floor(canvas.between(1, 5))
  for (let i = 0; i < branches; i++) {
    const y = foot * canvas.between(0.04, 0.55)
    const from = x + lean * (1 - y / foot)
    branch(canvas, from, y, canvas.chance(0.5) ? 1 : -1, w, tone)
  }
}

function branch(canvas: Canvas, x: number, y: number, side: number, w: number, tone: Colour): void {
  let d = ''
  const grow = (px: number, py: number, angle: number, length: number, depth: number) => {
    const [ex, ey] = [px + Math.cos(angle) * length, py + Math.sin(angle) * length]
    const bend = canvas.between(-0.12, 0.12) * length
    d += `M${n(px)} ${n(py)}Q${n((px + ex) / 2 + bend)} ${n((py + ey) / 2 - bend)} ${n(ex)} ${n(ey)}`
    if (depth === 0) return
    for (const spread of [canvas.between(-0.8, -0.2), canvas.between(0.1, 0.7)])
      grow(ex, ey, angle + spread, length * canvas.between(0.5, 0.75), depth - 1)
  }
  grow(x, y, side > 0 ? canvas.between(-0.9, -0.2) : Math.PI + canvas.between(0.2, 0.9), w * canvas.between(3, 6), 3)
  canvas.path(
    d,
    `fill="none" stroke="${css(tone)}" stroke-width="${n(Math.max(0.7, w * 0.16))}" stroke-linecap="round"`,
  )
}

function leaves(canvas: Canvas, t: number, tones: Colour[]): void {
  const { width, height, unit } = canvas
  for (let i = 0; i < 150; i++) {
    const x = canvas.random() * width
    const edge = Math.abs(x / width - 0.5) * 2
    const y = height * canvas.random() ** 1.5 * (0.25 + edge * 0.4)
    const r = unit * (0.003 + t * 0.011) * canvas.between(0.4, 1.3)
    canvas.add(
      `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(r * 1.7)}" ry="${n(r)}" transform="rotate(${n(canvas.between(-70, 70))} ${n(x)} ${n(y)})" fill="${css(canvas.pick(tones), 0.3 + canvas.random() * 0.45)}"/>`,
    )
  }
}

function shafts(canvas: Canvas, [sx, sy]: [number, number], light: Colour): void {
  const { width, height, unit } = canvas
  const blur = canvas.blur(unit * 0.02)
  for (let i = 0; i < 7; i++) {
    const x = canvas.between(-0.1, 1.1) * width
    const w = width * canvas.between(0.02, 0.09)
    canvas.path(
      `M${n(sx - 3)} ${n(sy - height * 0.1)}L${n(sx + 3)} ${n(sy - height * 0.1)}L${n(x + w)} ${height}L${n(x - w)} ${height}Z`,
      `fill="${canvas.linear([
        [0, light, 0.3],
        [1, light, 0],
      ])}" filter="${blur}" style="mix-blend-mode:screen"`,
    )
  }
}

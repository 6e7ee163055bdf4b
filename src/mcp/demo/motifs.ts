import type { Canvas } from './canvas.ts'
import { line, n } from './canvas.ts'
import { css, lighter, mix } from './colour.ts'
import type { Motif, SceneName } from './words.ts'

/** What a scene shows anyway needs no motif of it. */
const SHOWN: Partial<Record<SceneName, Motif[]>> = {
  sky: ['moon', 'stars'],
  water: ['moon'],
  rooms: ['door', 'window'],
  city: ['window'],
  orbit: ['eye', 'moon'],
  heat: ['moon'],
}

/** The small thing in a picture that disturbs it: the first that the prompt names and the scene does not show. */
export function motifFor(scene: SceneName, motifs: Motif[]): Motif | null {
  return motifs.find((motif) => !SHOWN[scene]?.includes(motif)) ?? null
}

export function paintMotif(canvas: Canvas, motif: Motif): void {
  MOTIFS[motif](canvas)
}

const MOTIFS: Record<Motif, (canvas: Canvas) => void> = {
  moon(canvas) {
    const { width, height, unit, palette } = canvas
    const [x, y, r] = [
      width * canvas.between(0.15, 0.85),
      height * canvas.between(0.14, 0.3),
      unit * canvas.between(0.05, 0.09),
    ]
    canvas.glow(x, y, r * 4, palette.accent, 0.5)
    canvas.circle(
      x,
      y,
      r,
      canvas.linear([
        [0, lighter(palette.accent, 0.08)],
        [1, mix(palette.accent, palette.ground[1], 0.4)],
      ]),
    )
  },

  door(canvas) {
    const { width, height, unit, palette } = canvas
    const h = unit * canvas.between(0.2, 0.3)
    const w = h * 0.46
    const [x, y] = [width * canvas.between(0.15, 0.78), height * canvas.between(0.74, 0.86) - h]
    const light = lighter(palette.accent, 0.06)
    canvas.glow(x + w / 2, y + h * 0.6, h * 1.3, light, 0.6)
    canvas.path(
      `${line([
        [x, y + h],
        [x + w, y + h],
        [x + w * 2.1, y + h * 1.75],
        [x - w * 0.5, y + h * 1.75],
      ])}Z`,
      `fill="${canvas.linear([
        [0, light, 0.6],
        [1, light, 0],
      ])}" filter="${canvas.blur(3)}"`,
    )
    canvas.rect(
      x,
      y,
      w,
      h,
      canvas.linear([
        [0, lighter(light, 0.08)],
        [1, light],
      ]),
    )
    canvas.path(
      `${line([
        [x, y],
        [x - w * 0.42, y - h * 0.05],
        [x - w * 0.42, y + h * 1.06],
        [x, y + h],
      ])}Z`,
      `fill="${css(mix(palette.ground[0], palette.inks[0] ?? light, 0.3))}"`,
    )
  },

  birds(canvas) {
    const { width, height, unit, palette } = canvas
    const tone = palette.dark
      ? lighter(palette.inks[1] ?? palette.accent, 0.2)
      : { l: 0.2, c: 0.03, h: palette.ground[1].h }
    const [cx, cy] = [width * canvas.between(0.25, 0.75), height * canvas.between(0.18, 0.4)]
    for (let i = 0; i < 17; i++) {
      const [x, y] = [
        cx + (canvas.random() + canvas.random() - 1) * width * 0.3,
        cy + (canvas.random() + canvas.random() - 1) * height * 0.22,
      ]
      const s = unit * canvas.between(0.007, 0.024)
      const lift = canvas.between(0.2, 0.75)
      canvas.path(
        `M${n(x - s)} ${n(y - s * lift)}Q${n(x - s * 0.4)} ${n(y - s * 0.45)} ${n(x)} ${n(y)}Q${n(x + s * 0.4)} ${n(y - s * 0.5)} ${n(x + s * 1.1)} ${n(y - s * lift * 0.8)}`,
        `fill="none" stroke="${css(tone, 0.9)}" stroke-width="${n(s * 0.17)}" stroke-linecap="round"`,
      )
    }
  },

  rain(canvas) {
    const { width, height, unit, palette } = canvas
    const tone = palette.dark
      ? lighter(palette.inks[1] ?? palette.accent, 0.22)
      : lighter(palette.inks[0] ?? palette.accent, -0.1)
    const slant = canvas.between(-0.3, 0.3)
    for (const [count, long, alpha, w] of [
      [170, 0.07, 0.22, 0.8],
      [70, 0.14, 0.34, 1.4],
    ] as const) {
      let d = ''
      for (let i = 0; i < count; i++) {
        const [x, y] = [canvas.between(-0.1, 1.1) * width, canvas.between(-0.1, 1) * height]
        const length = unit * long * canvas.between(0.5, 1.3)
        d += `M${n(x)} ${n(y)}l${n(length * slant)} ${n(length)}`
      }
      canvas.path(d, `stroke="${css(tone, alpha)}" stroke-width="${w}" stroke-linecap="round"`)
    }
  },

  stars(canvas) {
    const { width, height, unit, palette } = canvas
    for (let i = 0; i < 90; i++) {
      const [x, y] = [canvas.random() * width, canvas.random() * height * 0.8]
      const size = canvas.random() ** 4
      if (size > 0.5) canvas.glow(x, y, unit * 0.03, palette.accent, 0.6)
      canvas.circle(x, y, unit * (0.001 + size * 0.004), css(lighter(palette.accent, 0.08), 0.85))
    }
  },

  stairs(canvas) {
    const { width, height, palette } = canvas
    const steps = 9
    const side = canvas.chance(0.5) ? 1 : -1
    const [w, h] = [width * 0.05, height * 0.046]
    const x0 = side > 0 ? width * canvas.between(0.04, 0.3) : width * canvas.between(0.7, 0.96)
    for (let i = 0; i < steps; i++) {
      const [x, y] = [x0 + side * w * i, height * 0.94 - h * (i + 1)]
      const tone = mix(
        mix(palette.ground[palette.dark ? 0 : 1], palette.inks[0] ?? palette.accent, 0.4),
        palette.accent,
        (i / steps) ** 2 * 0.75,
      )
      canvas.rect(
        side > 0 ? x : x - w,
        y,
        w,
        height - y,
        canvas.linear([
          [0, lighter(tone, 0.1), 0.95],
          [0.25, tone, 0.7],
          [1, tone, 0],
        ]),
      )
    }
    const [tx, ty] = [x0 + side * w * steps, height * 0.94 - h * (steps + 1.5)]
    canvas.glow(tx, ty, canvas.unit * 0.2, palette.accent, 0.7)
  },

  eye(canvas) {
    const { width, height, unit, palette } = canvas
    const [x, y, w] = [
      width * canvas.between(0.25, 0.75),
      height * canvas.between(0.25, 0.6),
      unit * canvas.between(0.13, 0.2),
    ]
    const h = w * canvas.between(0.4, 0.55)
    const shape = `M${n(x - w)} ${n(y)}Q${n(x)} ${n(y - h * 1.7)} ${n(x + w)} ${n(y)}Q${n(x)} ${n(y + h * 1.5)} ${n(x - w)} ${n(y)}Z`
    const white = palette.dark ? lighter(palette.ground[1], 0.5) : lighter(palette.ground[0], 0.04)
    canvas.glow(x, y, w * 2, palette.accent, 0.35)
    canvas.path(
      shape,
      `fill="${canvas.radial([
        [0, white],
        [1, mix(white, palette.inks[0] ?? white, 0.6)],
      ])}"`,
    )
    const clip = canvas.def((id) => `<clipPath id="${id}"><path d="${shape}"/></clipPath>`)
    canvas.add(`<g clip-path="${clip}">`)
    canvas.circle(
      x,
      y,
      h * 0.82,
      canvas.radial([
        [0, palette.accent],
        [0.6, palette.inks[0] ?? palette.accent],
        [1, mix(palette.inks[0] ?? palette.accent, { l: 0.1, c: 0.02, h: 270 }, 0.65)],
      ]),
    )
    canvas.circle(x, y, h * 0.36, css({ l: 0.08, c: 0.01, h: 280 }))
    canvas.circle(x - h * 0.24, y - h * 0.28, h * 0.11, css({ l: 0.98, c: 0.01, h: 90 }))
    canvas.add('</g>')
    canvas.path(
      shape,
      `fill="none" stroke="${css({ l: palette.dark ? 0.08 : 0.25, c: 0.03, h: 280 })}" stroke-width="${n(unit * 0.006)}"`,
    )
  },

  thread(canvas) {
    const { width, height, unit, palette } = canvas
    const points: [number, number][] = []
    let y = height * canvas.between(0.2, 0.8)
    for (let x = -20; x <= width + 40; x += width / 11) {
      points.push([x, y])
      y = Math.min(height * 0.92, Math.max(height * 0.08, y + canvas.between(-0.16, 0.16) * height))
    }
    const d = line(points, true)
    canvas.path(
      d,
      `fill="none" stroke="${css(palette.accent, 0.5)}" stroke-width="${n(unit * 0.02)}" filter="${canvas.blur(unit * 0.014)}"`,
    )
    canvas.path(
      d,
      `fill="none" stroke="${css(lighter(palette.accent, palette.dark ? 0.1 : 0))}" stroke-width="${n(unit * 0.0055)}" stroke-linecap="round"`,
    )
  },

  figure(canvas) {
    const { width, height, unit, palette } = canvas
    const h = unit * canvas.between(0.13, 0.2)
    const [x, y] = [width * canvas.between(0.25, 0.75), height * canvas.between(0.8, 0.9)]
    const tone = palette.dark
      ? { l: 0.07, c: 0.01, h: palette.ground[0].h }
      : { l: 0.18, c: 0.03, h: palette.ground[1].h }
    canvas.glow(x, y - h * 0.5, h * 1.2, palette.accent, 0.5)
    canvas.add(
      `<ellipse cx="${n(x)}" cy="${n(y)}" rx="${n(h * 0.34)}" ry="${n(h * 0.045)}" fill="${css(tone, 0.5)}" filter="${canvas.blur(3)}"/>`,
    )
    const body = `M${n(x - h * 0.115)} ${n(y)}Q${n(x - h * 0.14)} ${n(y - h * 0.5)} ${n(x - h * 0.1)} ${n(y - h * 0.74)}Q${n(x)} ${n(y - h * 0.84)} ${n(x + h * 0.1)} ${n(y - h * 0.74)}Q${n(x + h * 0.15)} ${n(y - h * 0.5)} ${n(x + h * 0.125)} ${n(y)}L${n(x + h * 0.015)} ${n(y - h * 0.02)}L${n(x)} ${n(y - h * 0.33)}L${n(x - h * 0.02)} ${n(y)}Z`
    canvas.path(body, `fill="${css(tone)}" stroke="${css(palette.accent, 0.55)}" stroke-width="0.9"`)
    canvas.circle(x, y - h * 0.89, h * 0.075, css(tone), `stroke="${css(palette.accent, 0.55)}" stroke-width="0.9"`)
  },

  window(canvas) {
    const { width, height, unit, palette } = canvas
    const w = unit * canvas.between(0.12, 0.19)
    const h = w * canvas.between(1, 1.35)
    const [x, y] = [width * canvas.between(0.15, 0.7), height * canvas.between(0.15, 0.42)]
    const light = lighter(palette.accent, 0.05)
    const frame = palette.dark ? lighter(palette.ground[0], -0.03) : { l: 0.3, c: 0.04, h: palette.ground[1].h }
    canvas.glow(x + w / 2, y + h / 2, w * 1.9, light, 0.55)
    canvas.rect(
      x,
      y,
      w,
      h,
      canvas.linear([
        [0, lighter(light, 0.07)],
        [1, mix(light, palette.inks[1] ?? light, 0.5)],
      ]),
      `stroke="${css(frame)}" stroke-width="${n(unit * 0.009)}"`,
    )
    canvas.path(
      `M${n(x + w / 2)} ${n(y)}v${n(h)}M${n(x)} ${n(y + h * 0.45)}h${n(w)}`,
      `stroke="${css(frame)}" stroke-width="${n(unit * 0.006)}"`,
    )
  },

  boat(canvas) {
    const { width, height, unit, palette } = canvas
    const [x, y, s] = [
      width * canvas.between(0.2, 0.8),
      height * canvas.between(0.52, 0.66),
      unit * canvas.between(0.06, 0.1),
    ]
    const tone = palette.dark
      ? { l: 0.08, c: 0.02, h: palette.ground[0].h }
      : { l: 0.22, c: 0.04, h: palette.ground[1].h }
    canvas.path(
      `M${n(x - s)} ${n(y)}Q${n(x)} ${n(y + s * 0.5)} ${n(x + s)} ${n(y)}L${n(x + s * 0.75)} ${n(y + s * 0.02)}L${n(x - s * 0.8)} ${n(y + s * 0.02)}Z`,
      `fill="${css(tone)}"`,
    )
    canvas.path(
      `M${n(x + s * 0.05)} ${n(y)}V${n(y - s * 1.35)}L${n(x + s * 0.72)} ${n(y - s * 0.14)}Z`,
      `fill="${css(palette.accent, 0.92)}"`,
    )
    canvas.path(
      `M${n(x - s * 0.02)} ${n(y - s * 0.14)}V${n(y - s * 1.1)}L${n(x - s * 0.5)} ${n(y - s * 0.14)}Z`,
      `fill="${css(mix(palette.accent, palette.ground[1], 0.35), 0.9)}"`,
    )
    canvas.add(
      `<ellipse cx="${n(x)}" cy="${n(y + s * 0.36)}" rx="${n(s * 1.1)}" ry="${n(s * 0.1)}" fill="${css(tone, 0.4)}" filter="${canvas.blur(2.5)}"/>`,
    )
  },
}

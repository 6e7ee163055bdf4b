import type { Canvas } from '../canvas.ts'
import { n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Blocks seen from above a corner, in steps like stairs, with lit windows and a fog between them. */
export function city(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  canvas.ground(90)
  const glow = mix(palette.inks[0] as Colour, palette.inks[1] as Colour, 0.4)
  canvas.glow(width * canvas.between(0.25, 0.75), height * 0.3, unit * 0.9, glow, palette.dark ? 0.45 : 0.5)
  const side = unit * canvas.between(0.055, 0.085)
  const rows = Math.ceil(height / (side * 0.5)) + 10
  const columns = Math.ceil(width / (side * 1.73)) + 2
  const phase = canvas.random() * 9
  const [fx, fy] = [canvas.between(0.2, 0.45), canvas.between(0.14, 0.3)]
  for (let row = -2; row < rows; row++) {
    for (let column = -1; column < columns; column++) {
      const x = column * side * 1.732 + (row % 2 ? side * 0.866 : 0)
      const y = height * 0.2 + row * side * 0.5
      const wave = Math.sin(column * fx * 2 + phase) + Math.cos(row * fy + phase * 2)
      const tall = side * (0.6 + Math.max(0, wave + canvas.between(-0.9, 1.4)) * 1.35)
      block(canvas, x, y + side, side, tall, Math.min(1, Math.max(0, row / rows)))
    }
    if (row % 7 === 3)
      canvas.rect(
        0,
        height * 0.2 + row * side * 0.5 - side * 2,
        width,
        side * 3,
        canvas.linear([
          [0, glow, 0],
          [0.6, glow, 0.13],
          [1, glow, 0],
        ]),
      )
  }
}

function block(canvas: Canvas, x: number, y: number, side: number, tall: number, near: number): void {
  const { palette } = canvas
  const tone = mix(
    canvas.chance(0.7) ? (palette.inks[0] as Colour) : canvas.ink(),
    palette.ground[1],
    palette.dark ? 0.62 - near * 0.2 : 0.45 - near * 0.25,
  )
  const [w, h] = [side * 0.866, side * 0.5]
  const top = y - tall
  const shadow = palette.dark ? palette.ground[0] : mix(tone, { l: 0.3, c: 0.06, h: tone.h }, 0.55)
  const lit = palette.dark ? lighter(tone, 0.12) : lighter(tone, 0.1)
  canvas.path(
    `M${n(x - w)} ${n(top)}L${n(x)} ${n(top + h)}L${n(x)} ${n(y + h)}L${n(x - w)} ${n(y)}Z`,
    `fill="${css(mix(tone, shadow, 0.35))}"`,
  )
  canvas.path(
    `M${n(x + w)} ${n(top)}L${n(x)} ${n(top + h)}L${n(x)} ${n(y + h)}L${n(x + w)} ${n(y)}Z`,
    `fill="${css(mix(tone, shadow, 0.72))}"`,
  )
  canvas.path(
    `M${n(x)} ${n(top - h)}L${n(x + w)} ${n(top)}L${n(x)} ${n(top + h)}L${n(x - w)} ${n(top)}Z`,
    `fill="${css(lit)}"`,
  )
  windows(canvas, x, top, w, h, tall)
}

function windows(canvas: Canvas, x: number, top: number, w: number, h: number, tall: number): void {
  const { palette } = canvas
  const floors = Math.floor(tall / (h * 0.62))
  for (let floor = 0; floor < floors; floor++)
    for (const face of [-1, 1])
      for (const at of [0.28, 0.62]) {
        if (!canvas.chance(palette.dark ? 0.2 : 0.12)) continue
        const px = x + face * w * at
        const py = top + h * (1 - at) + h * 0.3 + floor * h * 0.62
        const [dx, dy] = [face * w * 0.17, -h * 0.17]
        const tone = canvas.chance(0.75) ? palette.accent : lighter(canvas.ink(), 0.15)
        canvas.path(
          `M${n(px)} ${n(py)}l${n(dx)} ${n(dy)}v${n(h * 0.34)}l${n(-dx)} ${n(-dy)}Z`,
          `fill="${css(lighter(tone, 0.04), 0.92)}"`,
        )
        if (palette.dark && canvas.chance(0.12)) canvas.glow(px + dx / 2, py, h * 1.6, tone, 0.5)
      }
}

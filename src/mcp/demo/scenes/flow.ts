import type { Canvas } from '../canvas.ts'
import { line, n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

/** Thousands of strokes that follow a current around a few still places. */
export function flow(canvas: Canvas): void {
  const { width, height, unit, palette } = canvas
  canvas.ground(canvas.between(40, 140))
  canvas.clouds(canvas.ink(), 0.35, [0.003, 0.005], 0.46)
  const eddies = Array.from({ length: 3 + Math.floor(canvas.random() * 2) }, () => ({
    x: canvas.between(0.1, 0.9) * width,
    y: canvas.between(0.1, 0.9) * height,
    turn: canvas.between(0.8, 1.8) * (canvas.chance(0.5) ? 1 : -1),
    reach: unit * canvas.between(0.25, 0.5),
  }))
  const lean = canvas.between(-0.6, 0.6)
  const [p, q] = [canvas.between(0, 9), canvas.between(0, 9)]
  const angle = (x: number, y: number): number => {
    let [dx, dy] = [Math.cos(lean), Math.sin(lean)]
    dx += 0.5 * Math.sin((y / unit) * 4 + p)
    dy += 0.5 * Math.cos((x / unit) * 3.4 + q)
    for (const eddy of eddies) {
      const [ex, ey] = [x - eddy.x, y - eddy.y]
      const force = (eddy.turn * 3 * Math.exp(-(ex * ex + ey * ey) / eddy.reach ** 2)) / unit
      dx += -ey * force * 2.2
      dy += ex * force * 2.2
    }
    return Math.atan2(dy, dx)
  }
  const [a, b] = [palette.inks[0] as Colour, palette.inks[1] as Colour]
  for (let pass = 0; pass < 3; pass++) {
    const strokes = [420, 620, 340][pass] as number
    for (let i = 0; i < strokes; i++) {
      let [x, y] = [canvas.between(-0.08, 1.08) * width, canvas.between(-0.08, 1.08) * height]
      const tone = colourAt(canvas, x / width + canvas.between(-0.14, 0.14), y / height, a, b, pass)
      const points: [number, number][] = [[x, y]]
      const steps = 10 + Math.floor(canvas.random() * (pass === 2 ? 34 : 24))
      for (let k = 0; k < steps; k++) {
        const direction = angle(x, y)
        x += Math.cos(direction) * unit * 0.012
        y += Math.sin(direction) * unit * 0.012
        points.push([x, y])
      }
      const w = unit * ([0.013, 0.006, 0.0022][pass] as number) * canvas.between(0.5, 1.3)
      canvas.path(
        line(points, true),
        `fill="none" stroke="${css(tone, [0.34, 0.6, 0.85][pass])}" stroke-width="${n(w)}" stroke-linecap="round"`,
      )
    }
  }
  for (const { x, y, reach } of eddies)
    canvas.glow(x, y, reach * 0.5, lighter(palette.accent, 0.03), palette.dark ? 0.5 : 0.35)
}

function colourAt(canvas: Canvas, u: number, v: number, a: Colour, b: Colour, pass: number): Colour {
  const { palette } = canvas
  if (pass === 2 && canvas.chance(0.12)) return palette.accent
  const other = canvas.chance(0.15) ? canvas.ink() : mix(a, b, Math.min(1, Math.max(0, u * 0.7 + v * 0.3)))
  const shift = palette.dark ? [-0.16, 0, 0.14][pass] : [0.1, 0, -0.16][pass]
  return lighter(other, (shift as number) + canvas.between(-0.06, 0.06))
}

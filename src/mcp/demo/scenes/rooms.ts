import type { Canvas } from '../canvas.ts'
import { line, n } from '../canvas.ts'
import { type Colour, css, lighter, mix } from '../colour.ts'

type Point = [number, number]

/** A corridor seen from its beginning: walls, lamps, side doors, and a light at its end. */
export function rooms(canvas: Canvas): void {
  const { width, height, palette } = canvas
  const eye: Point = [width * canvas.between(0.36, 0.64), height * canvas.between(0.42, 0.54)]
  const wall = palette.dark
    ? mix(palette.inks[0] as Colour, palette.ground[0], 0.45)
    : mix(palette.inks[0] as Colour, palette.ground[1], 0.4)
  const floor = palette.dark
    ? mix(palette.inks[1] as Colour, palette.ground[0], 0.6)
    : mix(palette.inks[1] as Colour, palette.ground[1], 0.25)
  const light = palette.dark ? lighter(palette.accent, 0.05) : lighter(palette.ground[0], 0.03)
  const depth = canvas.between(0.1, 0.17)
  const frame = perspective(canvas, eye)
  const dark = lighter(mix(palette.ground[0], wall, 0.3), palette.dark ? -0.04 : -0.45)
  const plane = (corners: [number, number, number][], fill: string) =>
    canvas.path(`${line(corners.map(frame))}Z`, `fill="${fill}"`)
  plane(
    [
      [-1, -1, 1],
      [1, -1, 1],
      [1, -1, depth],
      [-1, -1, depth],
    ],
    canvas.linear([
      [0, mix(wall, dark, 0.55)],
      [1, mix(wall, light, 0.35)],
    ]),
  )
  plane(
    [
      [-1, 1, 1],
      [1, 1, 1],
      [1, 1, depth],
      [-1, 1, depth],
    ],
    canvas.linear([
      [0, mix(floor, light, 0.4)],
      [1, mix(floor, dark, 0.5)],
    ]),
  )
  plane(
    [
      [-1, -1, 1],
      [-1, 1, 1],
      [-1, 1, depth],
      [-1, -1, depth],
    ],
    canvas.linear(
      [
        [0, mix(wall, dark, 0.5)],
        [1, mix(wall, light, 0.25)],
      ],
      0,
    ),
  )
  plane(
    [
      [1, -1, 1],
      [1, 1, 1],
      [1, 1, depth],
      [1, -1, depth],
    ],
    canvas.linear(
      [
        [0, mix(wall, light, 0.12)],
        [1, mix(wall, dark, 0.7)],
      ],
      0,
    ),
  )
  paper(canvas, frame, depth, wall, dark)
  boards(canvas, frame, depth, floor, dark, light)
  doors(canvas, frame, depth, wall, dark, light)
  lamps(canvas, frame, depth, light)
  end(canvas, frame, depth, light, wall, dark)
}

/** Places a point of the corridor: across -1 to 1, up -1 to down 1, and how large things are there (1 near, 0 at the vanishing point). */
function perspective({ width, height }: Canvas, [ex, ey]: Point): (point: [number, number, number]) => Point {
  return ([x, y, scale]) => [ex + x * scale * width * 0.72, ey + y * scale * height * 0.76]
}

type Frame = ReturnType<typeof perspective>

/** Distances that look evenly spaced. */
const spaced = (i: number, count: number, depth: number): number => 1 / (1 + (i / count) * (1 / depth - 1))

function paper(canvas: Canvas, frame: Frame, depth: number, wall: Colour, dark: Colour): void {
  const stripes = 34
  for (let i = 0; i < stripes; i++) {
    const [near, far] = [spaced(i, stripes, depth), spaced(i + 0.45, stripes, depth)]
    for (const side of [-1, 1]) {
      const corners: [number, number, number][] = [
        [side, -1, near],
        [side, 1, near],
        [side, 1, far],
        [side, -1, far],
      ]
      canvas.path(
        `${line(corners.map(frame))}Z`,
        `fill="${css(canvas.chance(0.5) ? lighter(wall, 0.06) : dark, 0.13)}"`,
      )
    }
  }
  for (const side of [-1, 1]) {
    const skirting: [number, number, number][] = [
      [side, 0.9, 1],
      [side, 1, 1],
      [side, 1, depth],
      [side, 0.9, depth],
    ]
    canvas.path(`${line(skirting.map(frame))}Z`, `fill="${css(dark, 0.55)}"`)
  }
}

function boards(canvas: Canvas, frame: Frame, depth: number, floor: Colour, dark: Colour, light: Colour): void {
  const tiled = canvas.chance(0.5)
  const [rows, columns] = tiled ? [18, 10] : [9, 14]
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const tile = tiled ? (row + column) % 2 === 0 : canvas.chance(0.5)
      if (!tile) continue
      const shift = tiled ? 0 : canvas.random() * 0.5
      const [near, far] = [spaced(row + shift, rows, depth), spaced(row + 1 + shift, rows, depth)]
      const [left, right] = [-1 + (2 * column) / columns, -1 + (2 * (column + 1)) / columns]
      const corners: [number, number, number][] = [
        [left, 1, near],
        [right, 1, near],
        [right, 1, far],
        [left, 1, far],
      ]
      canvas.path(
        `${line(corners.map(frame))}Z`,
        `fill="${css(tiled ? dark : lighter(floor, canvas.between(-0.1, 0.08)), tiled ? 0.34 : 0.3)}"`,
      )
    }
  const shine: [number, number, number][] = [
    [-0.34, 1, depth],
    [0.34, 1, depth],
    [0.75, 1, 1],
    [-0.75, 1, 1],
  ]
  canvas.path(
    `${line(shine.map(frame))}Z`,
    `fill="${canvas.linear([
      [0, light, 0.75],
      [0.5, light, 0.16],
      [1, light, 0],
    ])}" filter="${canvas.blur(canvas.unit * 0.012)}"`,
  )
}

function doors(canvas: Canvas, frame: Frame, depth: number, wall: Colour, dark: Colour, light: Colour): void {
  for (const side of [-1, 1])
    for (let i = 0; i < 4; i++) {
      if (!canvas.chance(0.6)) continue
      const at = 1.6 + i * 2.4 + canvas.random() * 0.8
      const [near, far] = [spaced(at, 12, depth), spaced(at + 0.9, 12, depth)]
      const open = canvas.chance(0.3)
      const fill = open
        ? canvas.linear([
            [0, lighter(light, 0.02)],
            [1, mix(light, wall, 0.5)],
          ])
        : css(mix(dark, wall, 0.25))
      const corners: [number, number, number][] = [
        [side, -0.42, near],
        [side, 1, near],
        [side, 1, far],
        [side, -0.42, far],
      ]
      if (open) {
        const spill: [number, number, number][] = [
          [side, 1, near],
          [side, 1, far],
          [side * 0.2, 1, far * 0.97],
          [side * 0.1, 1, near],
        ]
        canvas.path(
          `${line(spill.map(frame))}Z`,
          `fill="${css(light, 0.28)}" filter="${canvas.blur(canvas.unit * 0.01)}"`,
        )
      }
      canvas.path(`${line(corners.map(frame))}Z`, `fill="${fill}" stroke="${css(dark)}" stroke-width="${n(near * 5)}"`)
    }
}

function lamps(canvas: Canvas, frame: Frame, depth: number, light: Colour): void {
  for (let i = 0; i < 9; i++) {
    const [near, far] = [spaced(i + 0.35, 9, depth), spaced(i + 0.75, 9, depth)]
    const broken = canvas.chance(0.2)
    const corners: [number, number, number][] = [
      [-0.26, -1, near],
      [0.26, -1, near],
      [0.26, -1, far],
      [-0.26, -1, far],
    ]
    const points = corners.map(frame)
    canvas.path(`${line(points)}Z`, `fill="${css(light, broken ? 0.15 : 0.95)}"`)
    if (broken) continue
    const [x, y] = frame([0, -1, (near + far) / 2])
    canvas.glow(x, y, near * canvas.unit * 0.5, light, 0.3)
  }
}

function end(canvas: Canvas, frame: Frame, depth: number, light: Colour, wall: Colour, dark: Colour): void {
  const [left, top] = frame([-1, -1, depth])
  const [right, bottom] = frame([1, 1, depth])
  const [x, y, w, h] = [left, top, right - left, bottom - top]
  canvas.rect(x, y, w, h, css(mix(wall, dark, 0.35)))
  const kind = canvas.pick(['door', 'arch', 'window'])
  const [dw, dh] = kind === 'window' ? [w * 0.44, h * 0.4] : [w * 0.36, h * 0.72]
  const [dx, dy] = [x + w * canvas.between(0.2, 0.44), kind === 'window' ? y + h * 0.24 : y + h - dh]
  canvas.glow(dx + dw / 2, dy + dh / 2, canvas.unit * 0.42, light, 0.6)
  const fill = canvas.linear([
    [0, lighter(light, 0.08)],
    [1, light],
  ])
  const round = kind === 'arch' ? `rx="${n(dw / 2)}"` : ''
  canvas.rect(dx, dy, dw, dh, fill, round)
  if (kind === 'arch') canvas.rect(dx, dy + dh * 0.5, dw, dh * 0.5, css(light))
  if (kind === 'window') {
    canvas.rect(dx + dw / 2 - 1.5, dy, 3, dh, css(dark))
    canvas.rect(dx, dy + dh / 2 - 1.5, dw, 3, css(dark))
  }
}

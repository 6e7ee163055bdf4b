import { createHash } from 'node:crypto'

/** Width and height in pixels; an emoji is at most 128. */
const SIZE = 128

/**
 * An abstract little picture for a name, always the same for it: soft light on a deep ground, and a figure of rings, petals or
 * waves that no two names are likely to share.
 */
export async function facePng(name: string): Promise<Buffer> {
  // Loaded at the first face: it is large, and most starts need none.
  const { Resvg } = await import('@resvg/resvg-js')
  return new Resvg(faceSvg(name), { fitTo: { mode: 'width', value: SIZE }, font: { loadSystemFonts: false } })
    .render()
    .asPng()
}

export function faceSvg(name: string): string {
  const draw = drawer(name)
  const hue = draw(360)
  const second = (hue + 40 + draw(100)) % 360
  const figure = [petals, rings, waves, stones][draw(4)] ?? petals
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-64 -64 128 128">
<defs>
<radialGradient id="ground" cx="${25 + draw(50)}%" cy="${20 + draw(40)}%" r="90%">
<stop offset="0" stop-color="hsl(${hue},62%,44%)"/><stop offset="1" stop-color="hsl(${second},70%,13%)"/>
</radialGradient>
<radialGradient id="light" r="60%"><stop offset="0" stop-color="hsl(${second},95%,88%)"/><stop offset="1" stop-color="hsl(${hue},85%,62%)"/></radialGradient>
</defs>
<rect x="-64" y="-64" width="128" height="128" fill="url(#ground)"/>
${figure(draw, hue, second)}
</svg>`
}

type Draw = (below: number) => number
type Figure = (draw: Draw, hue: number, second: number) => string

/** Whole numbers below a limit, drawn from the name. */
function drawer(name: string): Draw {
  let bytes = createHash('sha256').update(name).digest()
  let at = 0
  return (below) => {
    if (at + 2 > bytes.length) {
      bytes = createHash('sha256').update(bytes).digest()
      at = 0
    }
    const value = bytes.readUInt16BE(at)
    at += 2
    return value % below
  }
}

const petals: Figure = (draw, hue) => {
  const count = 5 + draw(6)
  const width = 7 + draw(9)
  const length = 17 + draw(8)
  const turn = draw(90)
  const petal = Array.from(
    { length: count },
    (_, i) =>
      `<ellipse cx="0" cy="-${length + 6}" rx="${width}" ry="${length}" transform="rotate(${turn + (i * 360) / count})" fill="url(#light)" opacity="0.62"/>`,
  ).join('')
  return `${petal}<circle r="${7 + draw(6)}" fill="hsl(${(hue + 180) % 360},90%,86%)"/>`
}

const rings: Figure = (draw, hue, second) =>
  [
    ...[50, 39, 28, 17].map((radius, i) => {
      const length = 2 * Math.PI * radius
      const shown = (0.35 + draw(50) / 100) * length
      const colour = i % 2 ? hue : second
      return `<circle r="${radius}" fill="none" stroke="hsl(${colour},85%,${62 + i * 8}%)" stroke-width="${5 + draw(4)}" stroke-linecap="round" stroke-dasharray="${shown.toFixed(1)} ${length.toFixed(1)}" transform="rotate(${draw(360)})"/>`
    }),
    `<circle r="${4 + draw(5)}" fill="url(#light)"/>`,
  ].join('')

const waves: Figure = (draw, hue, second) => {
  const height = 6 + draw(12)
  const sun = `<circle cx="${draw(60) - 30}" cy="${-30 + draw(20)}" r="${12 + draw(10)}" fill="url(#light)"/>`
  const lines = Array.from({ length: 5 }, (_, i) => {
    const y = -8 + i * 16
    const shift = draw(32) - 16
    const colour = i % 2 ? hue : second
    return `<path d="M -96 ${y} q 16 -${height} 32 0 t 32 0 t 32 0 t 32 0 t 32 0 t 32 0 V 70 H -96 Z" transform="translate(${shift} 0)" fill="hsl(${colour},${60 + i * 5}%,${58 - i * 9}%)" opacity="0.85"/>`
  })
  return sun + lines.join('')
}

const stones: Figure = (draw, hue, second) => {
  const turn = draw(360)
  return Array.from({ length: 3 }, (_, i) => {
    const corners = 3 + draw(4)
    const radius = 50 - i * 15
    const points = Array.from({ length: corners }, (_, k) => {
      const angle = (2 * Math.PI * k) / corners
      return `${(radius * Math.sin(angle)).toFixed(1)},${(-radius * Math.cos(angle)).toFixed(1)}`
    })
    const fill = i === 2 ? 'url(#light)' : `hsl(${i % 2 ? hue : second},75%,${55 + i * 14}%)`
    return `<polygon points="${points.join(' ')}" transform="rotate(${turn + draw(120)})" fill="${fill}" opacity="0.8" stroke="${fill}" stroke-width="9" stroke-linejoin="round"/>`
  }).join('')
}

/** A colour as OKLCH: lightness 0 to 1, chroma 0 to about 0.3, hue in degrees. Equal steps look equal, which RGB's do not. */
export interface Colour {
  l: number
  c: number
  h: number
}

/** `rgb(…)` or `rgba(…)`; a colour no screen can show loses chroma until one can. */
export function css(colour: Colour, alpha = 1): string {
  const l = clamp(colour.l)
  let c = Math.max(0, colour.c)
  let rgb = toRgb({ ...colour, l, c })
  while (c > 0.004 && rgb.some((channel) => channel < -0.001 || channel > 1.001)) {
    c *= 0.92
    rgb = toRgb({ ...colour, l, c })
  }
  const [r, g, b] = rgb.map((channel) => Math.round(clamp(channel) * 255))
  return alpha >= 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${Math.round(alpha * 1000) / 1000})`
}

export const lighter = (colour: Colour, by: number): Colour => ({ ...colour, l: clamp(colour.l + by) })
export const muted = (colour: Colour, factor: number): Colour => ({ ...colour, c: colour.c * factor })

/** Between two colours, the short way round the circle of hues; a grey takes the other's hue. */
export function mix(a: Colour, b: Colour, t: number): Colour {
  const turn = ((((b.h - a.h) % 360) + 540) % 360) - 180
  const h = a.c < 0.02 ? b.h : b.c < 0.02 ? a.h : a.h + turn * t
  return { l: a.l + (b.l - a.l) * t, c: a.c + (b.c - a.c) * t, h }
}

const clamp = (x: number): number => Math.min(1, Math.max(0, x))

/** https://bottosson.github.io/posts/oklab/ gives the matrices. */
function toRgb({ l, c, h }: Colour): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180)
  const b = c * Math.sin((h * Math.PI) / 180)
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ]
}

const gamma = (x: number): number => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)

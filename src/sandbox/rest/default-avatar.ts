/** A face for who has none: a coloured disc with two eyes, the colour drawn from the id. */
const COLOURS = ['#5865f2', '#747f8d', '#3ba55c', '#faa61a', '#ed4245', '#eb459e']

/** @returns an SVG document */
export function defaultAvatar(seed: string): string {
  const digits = /^\d+$/.test(seed) ? BigInt(seed) : 0n
  const index = Number((digits > 5n ? digits >> 22n : digits) % BigInt(COLOURS.length))
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">' +
    `<circle cx="32" cy="32" r="32" fill="${COLOURS[index]}"/>` +
    '<circle cx="23" cy="30" r="5" fill="#fff"/><circle cx="41" cy="30" r="5" fill="#fff"/>' +
    '<path d="M20 43q12 8 24 0" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round"/></svg>'
  )
}

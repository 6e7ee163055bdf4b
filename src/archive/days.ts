import { UserError } from '../core/errors.ts'

/** The span of a day, month or year (UTC), ms. `where` begins the UserError that other text throws. */
export function days(text: string, where: string): { from: number; to: number } {
  const match = /^(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?$/.exec(text)
  const [year, month, day] = (match?.slice(1) ?? []).map((part) => (part === undefined ? undefined : Number(part)))
  const from = year === undefined ? Number.NaN : Date.UTC(year, (month ?? 1) - 1, day ?? 1)
  const read = new Date(from)
  const isReal =
    (month === undefined || read.getUTCMonth() === month - 1) && (day === undefined || read.getUTCDate() === day)
  if (year === undefined || Number.isNaN(from) || !isReal)
    throw new UserError(`${where}: "${text}" should be a day, month or year: 2026-03-09, 2026-03 or 2026.`)
  const to =
    day !== undefined ? from + 86_400_000 : month !== undefined ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1)
  return { from, to }
}

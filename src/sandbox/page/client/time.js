/** Times as people read them, in their own language and time zone. */
const format = (options) => {
  const formatter = new Intl.DateTimeFormat(undefined, options)
  return (date) => formatter.format(date)
}
const clock = format({ hour: 'numeric', minute: '2-digit' })
const clockSeconds = format({ hour: 'numeric', minute: '2-digit', second: '2-digit' })
const shortDate = format({ year: 'numeric', month: '2-digit', day: '2-digit' })
const longDate = format({ year: 'numeric', month: 'long', day: 'numeric' })
const dateAndTime = format({ year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' })
const shortBoth = format({ year: 'numeric', month: '2-digit', day: '2-digit', hour: 'numeric', minute: '2-digit' })
const shortBothSeconds = format({
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: 'numeric',
  minute: '2-digit',
  second: '2-digit',
})
const everything = format({
  weekday: 'long',
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
})
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

const STEPS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

export const ago = (date, now = Date.now()) => {
  const seconds = Math.round((date - now) / 1000)
  for (const [unit, size] of STEPS)
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  return relative.format(seconds, 'second')
}

/** Discord's timestamp styles. https://docs.discord.com/developers/reference#message-formatting-timestamp-styles */
const STYLES = {
  t: clock,
  T: clockSeconds,
  d: shortDate,
  D: longDate,
  f: dateAndTime,
  F: everything,
  s: shortBoth,
  S: shortBothSeconds,
  R: (date) => ago(date),
}

export const styledTime = (seconds, style) => {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return 'Invalid date'
  return (STYLES[style] ?? dateAndTime)(date)
}

export const dayOf = (date) => longDate(date)
export const fullTime = (date) => everything(date)
export const clockTime = (date) => clock(date)

/** The time beside a message's author. */
export const messageTime = (date) => {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000)
  if (days === 0) return clock(date)
  if (days === 1) return `Yesterday at ${clock(date)}`
  return `${shortDate(date)}, ${clock(date)}`
}

/** When a Discord id was made. https://docs.discord.com/developers/reference#snowflakes */
export const timeOfId = (id) => new Date(Number(BigInt(id) >> 22n) + 1_420_070_400_000)

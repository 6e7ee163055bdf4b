import { createRequire } from 'node:module'
import { count, money } from '../core/figures.ts'
import type { Spending } from '../core/store.ts'

const WIDTH = 840
const HEIGHT = 360
const PLOT = { left: 70, top: 52, right: 600, bottom: 310 }
/** Told apart by people who see colours differently too (Okabe and Ito's palette), on Discord's dark ground. */
const COLOURS = ['#56B4E9', '#E69F00', '#009E73', '#F0E442', '#CC79A7', '#D55E00', '#9A9AA5']
const REST = 'others'

/** A bar a day, its parts the models; tokens where nothing cost anything. `days` are ISO dates, oldest first. PNG. */
export async function usageChart(spending: Spending[], days: string[]): Promise<Buffer> {
  // Loaded at the first chart: it is large, and most starts need none.
  const { Resvg } = await import('@resvg/resvg-js')
  const font = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')
  const options = { font: { loadSystemFonts: false, fontFiles: [font], defaultFontFamily: 'DejaVu Sans' } }
  return new Resvg(usageSvg(spending, days), options).render().asPng()
}

export function usageSvg(spending: Spending[], days: string[]): string {
  const isMoney = spending.some(({ cost }) => cost > 0)
  const amountOf = ({ cost, input, cached, written, output }: Spending) =>
    isMoney ? cost : input + cached + written + output
  const label = (value: number) => (isMoney ? money(value) : count(Math.round(value)))
  const models = biggest(spending, amountOf)
  const sums = days.map((day) =>
    models.map((model) =>
      sum(spending.filter((s) => s.day === day && modelIn(models, s.model) === model).map(amountOf)),
    ),
  )
  const top = niceTop(Math.max(...sums.map(sum), 0))
  const y = (value: number) => PLOT.bottom - (value / top) * (PLOT.bottom - PLOT.top)
  const step = (PLOT.right - PLOT.left) / days.length
  const bars = sums.flatMap((parts, day) => {
    let below = 0
    return parts.map((part, model) => {
      const bar = rect(
        PLOT.left + (day + 0.15) * step,
        y(below + part),
        step * 0.7,
        y(below) - y(below + part),
        colour(model),
      )
      below += part
      return part > 0 ? bar : ''
    })
  })
  const lines = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(top * share)
    return `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${at}" y2="${at}" stroke="#4b4c53"/>${text(PLOT.left - 8, at + 4, label(top * share), 'end')}`
  })
  const every = Math.ceil(days.length / 8)
  const dates = days.map((day, index) =>
    index % every === 0 ? text(PLOT.left + (index + 0.5) * step, PLOT.bottom + 20, day.slice(5), 'middle') : '',
  )
  const legend = models.map((model, index) => {
    const at = PLOT.top + 8 + index * 26
    const total = label(sum(sums.map((parts) => parts[index] ?? 0)))
    return (
      rect(PLOT.right + 24, at - 11, 14, 14, colour(index)) +
      text(PLOT.right + 46, at + 1, `${short(model)} · ${total}`)
    )
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans" font-size="12">
<rect width="100%" height="100%" fill="#2b2d31"/>
<text x="${PLOT.left}" y="30" font-size="16" fill="#f2f3f5">${isMoney ? 'USD' : 'Tokens'} by day (UTC) and model</text>
${[...lines, ...bars, ...dates, ...legend].join('\n')}
</svg>`
}

/** The models that matter most, and one entry for all others. */
function biggest(spending: Spending[], amountOf: (s: Spending) => number): string[] {
  const totals = new Map<string, number>()
  for (const each of spending) totals.set(each.model, (totals.get(each.model) ?? 0) + amountOf(each))
  const names = [...totals].sort(([, a], [, b]) => b - a).map(([model]) => model)
  return names.length <= COLOURS.length ? names : [...names.slice(0, COLOURS.length - 1), REST]
}

const modelIn = (models: string[], model: string): string => (models.includes(model) ? model : REST)

/** The next round number, so that the lines stand at readable values. */
function niceTop(highest: number): number {
  if (highest <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(highest))
  return ([1, 1.5, 2, 3, 4, 5, 8, 10].find((n) => n * power >= highest) ?? 10) * power
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
const colour = (index: number): string => COLOURS[index] ?? '#9A9AA5'
const short = (name: string): string => (name.length > 18 ? `${name.slice(0, 17)}…` : name)

const rect = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${fill}" rx="2"/>`

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#c4c6cc">${escaped(content)}</text>`

const escaped = (raw: string): string =>
  raw.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char)

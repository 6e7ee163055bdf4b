/** How a command line looks in the bar: values on pills behind the text, and the names of all options above it. */
import { button, fill, h } from './dom.js'

/** The line's own text, cut where pills begin and end; it lies unseen behind the field's. */
export const pills = (text, line) => {
  const nodes = [h('span', {}, text.slice(0, line.end))]
  let at = line.end
  for (const value of line.values) {
    const end = Math.max(value.from + text.slice(value.from, value.to).trimEnd().length, value.valueFrom)
    const name = text.slice(value.from, value.valueFrom)
    const looks = `pill${value.option ? '' : ' stray'}`
    nodes.push(
      text.slice(at, value.from),
      h('span', { class: looks }, name && h('span', { class: 'pill-name' }, name), text.slice(value.valueFrom, end)),
    )
    at = end
  }
  return [...nodes, text.slice(at)]
}

/** The row of option names; `go(option)` is called for one that was pressed. */
export const drawHints = (row, line, go) => {
  row.hidden = !line || line.command.options.length === 0
  if (row.hidden) return
  const current = line.typing.value?.option ?? line.typing.next
  const filled = new Set(line.values.map((each) => each.option?.name))
  fill(
    row,
    line.command.options.map((option) => {
      const state = option === current ? ' current' : filled.has(option.name) ? ' filled' : ''
      return button(
        {
          class: `hint${state}${option.required ? ' required' : ''}`,
          title: option.description,
          tabindex: '-1',
          onpointerdown: (event) => event.preventDefault(),
          onclick: () => go(option),
        },
        option.name,
      )
    }),
  )
  row.querySelector('.current')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

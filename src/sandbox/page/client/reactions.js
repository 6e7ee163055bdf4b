/** The reactions under a message: how many of each, and one's own. https://docs.discord.com/developers/resources/message#reaction-object */
import { button, h } from './dom.js'

/** What the menu of a message offers. */
export const QUICK = ['👍', '❤️', '😂', '👀', '🎉', '❌']

/** As the doors take it: `name:id`, or the character itself. */
const keyOf = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name)

/** `react(key, on)` is called when one is pressed. */
export const reactionViews = (reactions, names, react) =>
  reactions.map(({ emoji, count, me }) =>
    button(
      {
        class: 'reaction',
        'aria-pressed': String(!!me),
        'aria-label': `${emoji.name}, ${count} reaction${count === 1 ? '' : 's'}`,
        title: `:${emoji.name}:`,
        onclick: () => react(keyOf(emoji), !me),
      },
      emoji.id
        ? h('img', { class: 'emoji', src: names.emoji(emoji.id), alt: `:${emoji.name}:` })
        : h('span', { class: 'emoji-text' }, emoji.name),
      h('span', { class: 'reaction-count' }, String(count)),
    ),
  )

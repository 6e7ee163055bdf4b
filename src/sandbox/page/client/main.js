/** The page: makes its parts, hands each event of the stream to those it concerns, and opens what the address names. */
import { api } from './api.js'
import { Bar } from './bar.js'
import { fill, h } from './dom.js'
import { forumView } from './forum.js'
import { greeting } from './greeting.js'
import { ofTab } from './kept.js'
import { listenForKeys } from './keys.js'
import { popMenu } from './menu.js'
import { lastWord, snippet } from './message.js'
import { MessageList } from './message-list.js'
import { messageMenu } from './message-menu.js'
import { openModal } from './modal.js'
import { startThread } from './new-thread.js'
import { Server } from './server.js'
import { Sidebar } from './sidebar.js'
import { openStream } from './stream.js'
import { openSwitcher } from './switcher.js'
import { styledTime } from './time.js'
import { Topbar } from './topbar.js'
import { Typing } from './typing.js'
import { Unread } from './unread.js'

const FORUM = 15
const server = new Server()
let unread = null
let current = null
let closeStream = () => {}
const dismissed = new Set(ofTab.get('dismissed') ?? [])

const as = () => server.me.username

/** Runs what a person asked for; a refusal is shown above the bar. */
const attempt = async (work) => {
  try {
    const answer = await work()
    if (answer?.modal) showModal(answer.modal)
    return answer
  } catch (error) {
    bar.say(error.message)
    return null
  }
}

const showModal = (modal) =>
  openModal(modal, {
    server,
    send: async (custom_id, fields) => {
      const answer = await api.modal({ custom_id, fields, user: as() })
      if (answer?.modal) showModal(answer.modal)
    },
  })

const bar = new Bar({
  server,
  channel: () => current,
  modal: showModal,
  sent: () => list.toPresent(),
  ownLast: () => list.ownLast,
})

const list = new MessageList({
  server,
  use: (message, component, values) =>
    attempt(() =>
      api.component({
        message_id: message.id,
        custom_id: component.custom_id,
        user: as(),
        ...(values ? { values } : {}),
      }),
    ),
  react: (message, emoji, on) => attempt(() => api.react(message, emoji, on, as())),
  dismiss: (message) => {
    dismissed.add(message.id)
    ofTab.set('dismissed', [...dismissed].slice(-500))
    list.remove(message.id)
    bar.focus()
  },
  hidden: (id) => dismissed.has(id),
  jump: (id) => list.reveal(id),
  menu: (message, opener, at) => {
    const run = (name, target) => attempt(() => api.command({ text: name, channel: current.id, user: as(), target }))
    popMenu(
      opener,
      messageMenu(message, server, {
        run,
        reply: (answered) => bar.answer(answered),
        react: (emoji) => attempt(() => api.react(message, emoji, true, as())),
        edit: (own) => bar.edit(own),
        remove: (gone) => confirmRemoval(gone),
        startThread: (from) => startThread(server.channels.get(from.channel_id), server, from),
      }),
      at,
    )
  },
  seen: (channelId, messageId) => unread.read(channelId, messageId) && sidebar.draw(),
  // A thread that is opened for the first time is shown from its end, where it is being written.
  unreadFrom: (channel) =>
    unread.isUnread(channel) && (unread.knows(channel.id) || !server.isThread(channel))
      ? unread.lastRead(channel.id)
      : null,
  greeting: (channel, empty) => greeting(channel, empty, server, (text) => bar.put(text)),
})

const confirmRemoval = (message) =>
  openModal(
    {
      title: 'Delete message',
      custom_id: 'delete',
      components: [{ type: 10, content: `Delete this message for good?\n>>> ${snippet(message)}` }],
    },
    { server, submit: 'Delete', send: () => api.remove(message, as()) },
  )

const toggleSidebar = (open) => {
  const shown = document.body.classList.toggle('sidebar-open', typeof open === 'boolean' ? open : undefined)
  document.querySelector('.menu-button').setAttribute('aria-expanded', String(shown))
  if (shown) document.querySelector('.channel.current, .channel')?.focus()
}

const sidebar = new Sidebar({
  server,
  unread: () => unread,
  current: () => current,
  popMenu,
  speakAs: (user) => speakAs(user.username),
})
const topbar = new Topbar({
  server,
  toggleSidebar,
  popMenu,
  startThread: (channel) => startThread(channel, server),
})
const typing = new Typing(server)
const pane = h('div', { class: 'pane' })

const mount = () => {
  const rail = h('div', { class: 'rail', 'aria-hidden': 'true' }, h('span', { class: 'rail-server' }, 'B'))
  const veil = h('div', { class: 'veil' })
  veil.addEventListener('click', () => toggleSidebar(false))
  const main = h('main', { class: 'main' }, topbar.element, pane, bar.element, typing.element)
  fill(document.getElementById('app'), rail, sidebar.element, veil, main)
}

const show = async (channel) => {
  current = channel
  topbar.show(channel)
  typing.open(channel.id)
  sidebar.draw()
  toggleSidebar(false)
  ofTab.set('channel', channel.id)
  const forum = channel.type === FORUM
  const locked = !!channel.thread_metadata?.locked
  bar.placed(
    forum
      ? 'Open a post to write in it'
      : locked
        ? 'This thread is locked'
        : `Message ${server.isThread(channel) ? '' : '#'}${channel.name}, or / for commands`,
    forum || locked,
  )
  if (forum) return showForum(channel)
  fill(pane, list.element)
  try {
    await list.open(channel)
  } catch (error) {
    bar.say(error.message)
  }
}

const showForum = async (channel) => {
  const posts = await attempt(() => api.posts(channel.id, as()))
  if (current === channel && posts)
    fill(
      pane,
      forumView(channel, posts, server, () => startThread(channel, server)),
    )
  unread.read(channel.id, channel.last_message_id)
}

let forumTimer = 0
const forumLater = () => {
  clearTimeout(forumTimer)
  forumTimer = setTimeout(() => current?.type === FORUM && showForum(current), 300)
}

/** The channel of the address, else the one open last, else the one where things happen. */
const wanted = () => {
  const id = /^#\/(\d+)/.exec(location.hash)?.[1] ?? ofTab.get('channel')
  const named = (name) => server.listed().find((channel) => channel.name === name)
  return server.channels.get(id) ?? named('backrooms') ?? server.listed()[0]
}

const route = async () => {
  const channel = wanted()
  if (channel && channel.id !== current?.id) await show(channel)
}

const take = (event) => {
  const { t, d } = event
  server.take(event)
  if (t === 'TYPING_START') typing.started(d.channel_id, d.user_id)
  if (t === 'SANDBOX_REACTIONS' && d.channel_id === current?.id && current.type !== FORUM) list.take(event)
  if (t.startsWith('MESSAGE_')) {
    if (d.author) typing.ended(d.channel_id, d.author.id)
    if (t !== 'MESSAGE_DELETE') sidebar.touch(d.channel_id)
    if (d.channel_id === current?.id && current.type !== FORUM) list.take(event)
    if (t === 'MESSAGE_CREATE') notice(d)
  }
  if (
    current?.type === FORUM &&
    (d.parent_id === current.id || server.channels.get(d.channel_id)?.parent_id === current.id)
  )
    forumLater()
  if (t === 'THREAD_UPDATE' && d.id === current?.id) current = server.channels.get(d.id)
  if ((t === 'CHANNEL_DELETE' || t === 'THREAD_DELETE') && d.id === current?.id) {
    current = null
    location.hash = ''
    route()
  }
  if (/^MESSAGE_(CREATE|DELETE)/.test(t)) threadCards(d.channel_id)
  if (t.startsWith('THREAD_')) threadCards(d.id)
}

const notice = (message) => {
  const forMe = message.mention_everyone || (message.mentions ?? []).some((user) => user.id === server.me.id)
  if (forMe && message.author.id !== server.me.id && (message.channel_id !== current?.id || document.hidden))
    unread.mentioned(message.channel_id)
}

/** Counts on the cards of a thread, without drawing their messages anew. */
const threadCards = (id) => {
  const thread = server.channels.get(id)
  if (!thread?.parent_id) return
  for (const count of document.querySelectorAll(`[data-thread-count="${id}"]`)) {
    const messages = thread.message_count ?? 0
    count.textContent =
      messages > 0 ? `${messages >= 50 ? '50+' : messages} Message${messages === 1 ? '' : 's'} ›` : 'See thread ›'
  }
  for (const last of document.querySelectorAll(`[data-thread-last="${id}"]`)) last.textContent = lastWord(thread)
}

const load = async (user) => {
  server.load(await api.server(user))
  unread = new Unread(server.me.id)
}

const speakAs = async (username) => {
  ofTab.set('user', username)
  closeStream()
  await attempt(async () => {
    await load(username)
    listen()
    const here = current && server.channels.get(current.id)
    current = null
    if (here) await show(here)
    else await route()
  })
}

const listen = () => {
  closeStream = openStream(as(), {
    onEvent: take,
    onState: (yes) => topbar.connected(yes),
    onAgain: async () => {
      await load(as()).catch(() => null)
      const here = server.channels.get(current?.id)
      if (here) await show(here)
    },
  })
}

document.addEventListener('click', (event) => {
  const command = event.target.closest?.('[data-command]')
  if (command) bar.put(`/${command.dataset.command} `)
  const link = event.target.closest?.('a[data-channel]')
  if (link && link.dataset.channel === current?.id) toggleSidebar(false)
})
listenForKeys({
  switcher: () => openSwitcher(server),
  step: (by) => sidebar.step(by),
  closeSidebar: () => toggleSidebar(false),
  toPresent: () => {
    list.toPresent()
    bar.focus()
  },
  write: () => bar.focus(),
})
document.addEventListener(
  'visibilitychange',
  () => !document.hidden && list.last && current && unread.read(current.id, list.last.id) && sidebar.draw(),
)
addEventListener('hashchange', route)
setInterval(() => {
  for (const time of document.querySelectorAll('time[data-relative]'))
    time.textContent = styledTime(Number(time.dataset.relative), 'R')
  for (const last of document.querySelectorAll('[data-thread-last]')) {
    const thread = server.channels.get(last.dataset.threadLast)
    if (thread) last.textContent = lastWord(thread)
  }
}, 10_000)

mount()
await attempt(async () => {
  await load(ofTab.get('user') ?? '')
  listen()
  await route()
})
document.body.classList.add('ready')

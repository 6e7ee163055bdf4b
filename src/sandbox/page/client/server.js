/**
 * What the page knows of the server: channels, threads, people, commands, and who is speaking. Kept up to date by the
 * event stream; whoever shows a part of it listens for `change`.
 */
const isThread = (channel) => channel.type === 10 || channel.type === 11 || channel.type === 12
const newer = (a, b) => BigInt(a ?? 0) > BigInt(b ?? 0)

/** Neither the message a thread begins with, nor what one person alone sees. https://docs.discord.com/developers/resources/channel#channel-object-channel-structure */
const counts = (message) => message.type !== 21 && message.id !== message.channel_id && !(message.flags & 64)
const count = (channel, change) => {
  if (channel?.message_count !== undefined) channel.message_count = Math.max(0, channel.message_count + change)
}

export class Server extends EventTarget {
  guild = { id: '0', name: '' }
  bot = null
  me = null
  people = []
  channels = new Map()
  users = new Map()
  roles = new Map()
  commands = []

  load(answer) {
    this.guild = answer.guild
    this.bot = answer.bot
    this.me = answer.me
    this.people = answer.people
    this.commands = answer.commands
    this.channels = new Map(answer.channels.map((channel) => [channel.id, channel]))
    this.users = new Map([...answer.people, answer.bot, ...answer.users].map((user) => [user.id, user]))
    this.roles = new Map(answer.roles.map((role) => [role.id, role]))
    this.#changed()
  }

  /** Takes in one gateway event. */
  take({ t, d }) {
    switch (t) {
      case 'CHANNEL_CREATE':
      case 'CHANNEL_UPDATE':
      case 'THREAD_CREATE':
      case 'THREAD_UPDATE':
        this.channels.set(d.id, { ...this.channels.get(d.id), ...d })
        return this.#changed()
      case 'CHANNEL_DELETE':
      case 'THREAD_DELETE':
        this.channels.delete(d.id)
        for (const each of this.channels.values())
          if (each.parent_id === d.id && isThread(each)) this.channels.delete(each.id)
        return this.#changed()
      case 'MESSAGE_CREATE': {
        const channel = this.channels.get(d.channel_id)
        if (channel && newer(d.id, channel.last_message_id)) channel.last_message_id = d.id
        if (counts(d)) count(channel, 1)
        return this.#changed()
      }
      case 'MESSAGE_DELETE':
        // Without a server: an ephemeral one, which was never counted.
        if (d.guild_id && d.id !== d.channel_id) count(this.channels.get(d.channel_id), -1)
        return this.#changed()
      case 'MESSAGE_DELETE_BULK':
        count(this.channels.get(d.channel_id), -d.ids.filter((id) => id !== d.channel_id).length)
        return this.#changed()
      case 'GUILD_ROLE_CREATE':
      case 'GUILD_ROLE_UPDATE':
        this.roles.set(d.role.id, d.role)
        return this.#changed()
      case 'GUILD_MEMBER_ADD':
      case 'GUILD_MEMBER_UPDATE':
        this.users.set(d.user.id, d.user)
        return this.#changed()
      case 'SANDBOX_COMMANDS_UPDATE':
        this.commands = d.commands
        return this.#changed()
    }
  }

  #changed() {
    this.dispatchEvent(new Event('change'))
  }

  isThread = isThread

  /** Channels in the order of the sidebar. */
  listed() {
    return [...this.channels.values()]
      .filter((each) => !isThread(each) && [0, 5, 15].includes(each.type))
      .sort((a, b) => a.position - b.position)
  }

  /** Threads of a channel, the newest first: an order that stays while many speak at once. */
  threadsOf(id) {
    return [...this.channels.values()]
      .filter((each) => isThread(each) && each.parent_id === id)
      .sort((a, b) => (newer(a.id, b.id) ? -1 : 1))
  }

  nameOfUser(user) {
    return user?.global_name ?? user?.username ?? 'someone'
  }

  /** What ids in a text stand for. */
  names = {
    user: (id) => (this.users.has(id) ? this.nameOfUser(this.users.get(id)) : undefined),
    channel: (id) => this.channels.get(id)?.name,
    role: (id) => this.roles.get(id)?.name,
    emoji: (id) => `/emojis/${id}.png`,
  }
}

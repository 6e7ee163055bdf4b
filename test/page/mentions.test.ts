import { describe, expect, it } from 'vitest'
import { mentionSuggestions, withIds } from '../../src/sandbox/page/client/mentions.js'

const users = [
  { id: '1', username: 'ben', global_name: 'Ben' },
  { id: '2', username: 'bennett', global_name: 'Ben Nett' },
  { id: '3', username: 'Backrooms', global_name: null },
]
const channels = [
  { id: '7', name: 'general', type: 0 },
  { id: '8', name: 'roleplay: a (b)', type: 11 },
]
const server = {
  users: new Map(users.map((user) => [user.id, user])),
  roles: new Map([['9', { id: '9', name: 'keepers', mentionable: true }]]),
  channels: new Map(channels.map((channel) => [channel.id, channel])),
  nameOfUser: (user: { username: string; global_name: string | null }) => user.global_name ?? user.username,
  listed: () => channels.filter((channel) => channel.type === 0),
  isThread: (channel: { type?: number }) => channel.type === 11,
}

describe('names in plain words', () => {
  it.each([
    ['@Backrooms hello @ben', '<@3> hello <@1>'],
    ['@Ben Nett and @bennett, not ben@bennett.example', '<@2> and <@2>, not ben@bennett.example'],
    ['see #general and #roleplay: a (b)', 'see <#7> and <#8>'],
    ['@keepers @nobody @benny', '<@&9> @nobody @benny'],
    ['`@ben` stays, ```\n@ben\n``` too', '`@ben` stays, ```\n@ben\n``` too'],
    ['<@1> stays', '<@1> stays'],
  ])('%s', (typed, sent) => expect(withIds(typed, server)).toBe(sent))

  it('offers people and channels where a name begins', () => {
    const labels = (text: string) => mentionSuggestions(text, text.length, server)?.items.map((item) => item.label)
    expect(labels('hi @be')).toEqual(['@Ben', '@Ben Nett'])
    expect(labels('see #')).toEqual(['#general', '#roleplay: a (b)'])
    expect(labels('mail ben@be')).toBeUndefined()
    expect(labels('hi')).toBeUndefined()
  })
})

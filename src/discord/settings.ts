import type { Guild } from 'discord.js'
import { splitNames } from '../config/fields.ts'
import { UserError } from '../core/errors.ts'
import { ASK_ABOVE } from '../core/estimate.ts'
import { money } from '../core/figures.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { GuildSettings } from '../core/store.ts'

/** What each setting is when nobody has set it. */
export const CLEARED: GuildSettings = {
  starters: [],
  models: [],
  default_channel: null,
  max_cost: null,
  ask_above: null,
  person_per_day: null,
  server_per_day: null,
}

interface Row {
  description: string
  /** How its value reads. */
  shown: (settings: GuildSettings) => string
}

const cap = (value: number | null): string => (value === null ? 'no cap' : money(value))

/** Every setting of a server, by its name as an option of `/settings set`. */
export const SETTINGS: Record<keyof GuildSettings, Row> = {
  starters: {
    description: 'Roles that may start runs, commas between; everyone: all people',
    shown: ({ starters }) => (starters.length === 0 ? 'everyone' : starters.map((role) => `<@&${role}>`).join(', ')),
  },
  models: {
    description: 'Models that may be used, commas between; all: every one',
    shown: ({ models }) => (models.length === 0 ? 'all' : models.map((alias) => `\`${alias}\``).join(', ')),
  },
  default_channel: {
    description: 'Where runs open unless their start names a channel',
    shown: ({ default_channel }) => (default_channel === null ? 'where the command is used' : `<#${default_channel}>`),
  },
  max_cost: {
    description: 'USD a run may cost, unless its start asks for less',
    shown: ({ max_cost }) => (max_cost === null ? `${money(2)}, unless its start says otherwise` : money(max_cost)),
  },
  ask_above: {
    description: 'USD: a start that may cost more asks first',
    shown: ({ ask_above }) => money(ask_above ?? ASK_ABOVE),
  },
  person_per_day: {
    description: 'USD that runs of one person may spend in a day (UTC)',
    shown: ({ person_per_day }) => cap(person_per_day),
  },
  server_per_day: {
    description: 'USD that runs of this server may spend in a day (UTC)',
    shown: ({ server_per_day }) => cap(server_per_day),
  },
}

export const settingNames = Object.keys(SETTINGS) as (keyof GuildSettings)[]

export const settingsLines = (settings: GuildSettings): string =>
  settingNames.map((name) => `\`${name}\`: ${SETTINGS[name].shown(settings)}`).join('\n')

/** Role ids from names, ids or mentions with commas between. Throws a UserError that names an unknown one. */
export function rolesNamed(guild: Guild, typed: string): string[] {
  if (isWord(typed, 'everyone')) return []
  const roles = guild.roles.cache.filter((role) => role.id !== guild.id)
  return splitNames(typed).map((name) => {
    const id = /^(?:<@&)?(\d{17,20})>?$/.exec(name)?.[1]
    const wanted = name.replace(/^@/, '').toLowerCase()
    const role = roles.find((one) => one.id === id) ?? roles.find((one) => one.name.toLowerCase() === wanted)
    if (!role) {
      const names = roles.map((one) => one.name)
      throw new UserError(`starters: there is no role "${name}" in this server. ${nearestSentence(wanted, names)}`)
    }
    return role.id
  })
}

/** `everyone`, `@everyone`, `all`: no restriction. */
export const isWord = (typed: string, word: string): boolean => typed.trim().replace(/^@/, '').toLowerCase() === word

/** USD from 0. Throws a UserError that names the setting. */
export function amount(name: keyof GuildSettings, value: number): number {
  if (!(value >= 0 && value <= 1_000_000)) throw new UserError(`${name} must be USD from 0 to 1,000,000, not ${value}.`)
  return value
}

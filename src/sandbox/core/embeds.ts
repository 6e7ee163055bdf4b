/** Embeds: the limits over a whole message, and the form they are answered in. https://docs.discord.com/developers/resources/message#embed-object-embed-limits */
import { needScheme } from './addresses.ts'
import { characters } from './characters.ts'
import { invalidForm } from './errors.ts'
import type { Attachment } from './shapes.ts'
import type { World } from './world.ts'

type Embed = Record<string, unknown>

const length = (value: unknown) => (typeof value === 'string' ? characters(value.trim()) : 0)

function size(embed: Embed): number {
  const fields = (embed.fields ?? []) as { name?: string; value?: string }[]
  return (
    length(embed.title) +
    length(embed.description) +
    length((embed.footer as Embed | null)?.text) +
    length((embed.author as Embed | null)?.name) +
    fields.reduce((sum, field) => sum + length(field.name) + length(field.value), 0)
  )
}

/** Throws 50035 for an empty embed, or more than 6,000 characters over all of them. */
export function checkEmbeds(world: World, embeds: Embed[]): void {
  let total = 0
  for (const [at, embed] of embeds.entries()) {
    total += size(embed)
    checkParts(embed, `embeds.${at}`)
    if (size(embed) === 0 && !embed.image && !embed.thumbnail && !embed.video && !embed.url) {
      throw invalidForm(`embeds.${at}.description`, 'BASE_TYPE_REQUIRED', 'This field is required')
    }
  }
  if (total > world.limits.embedTotal) {
    throw invalidForm(
      'embeds',
      'MAX_EMBED_SIZE_EXCEEDED',
      `Embed size exceeds maximum size of ${world.limits.embedTotal}`,
    )
  }
}

/** https://docs.discord.com/developers/resources/message#embed-object-embed-field-structure */
function checkParts(embed: Embed, path: string): void {
  const fields = (embed.fields ?? []) as { name?: string; value?: string }[]
  fields.forEach((field, at) => {
    for (const key of ['name', 'value'] as const) {
      if (length(field[key]) === 0)
        throw invalidForm(`${path}.fields.${at}.${key}`, 'BASE_TYPE_REQUIRED', 'This field is required')
    }
  })
  needScheme(`${path}.url`, embed.url, ['http', 'https'])
  for (const key of ['image', 'thumbnail']) {
    needScheme(`${path}.${key}.url`, (embed[key] as Embed | null | undefined)?.url, ['http', 'https', 'attachment'])
  }
  for (const key of ['author', 'footer']) {
    needScheme(`${path}.${key}.icon_url`, (embed[key] as Embed | null | undefined)?.icon_url, [
      'http',
      'https',
      'attachment',
    ])
  }
}

/** Every field but `type`, `provider`, `video`. https://docs.discord.com/developers/resources/message#create-message */
const SETTABLE = [
  'title',
  'description',
  'url',
  'timestamp',
  'color',
  'footer',
  'image',
  'thumbnail',
  'author',
  'fields',
]

export function shownEmbeds(world: World, embeds: Embed[], files: Attachment[]): Embed[] {
  return embeds.map((embed) => {
    const settable = Object.entries(withoutNull(embed)).filter(([key]) => SETTABLE.includes(key))
    const shown: Embed = { ...Object.fromEntries(settable), type: 'rich' }
    if (typeof shown.timestamp === 'string') shown.timestamp = world.iso(Date.parse(shown.timestamp))
    if (Array.isArray(embed.fields)) {
      shown.fields = (embed.fields as Embed[]).map((field) => ({
        ...withoutNull(field),
        inline: field.inline === true,
      }))
    }
    for (const key of ['image', 'thumbnail'] as const) {
      const picture = embed[key] as { url?: string } | null | undefined
      if (!picture?.url) continue
      const file = files.find((candidate) => `attachment://${candidate.filename}` === picture.url)
      if (picture.url.startsWith('attachment://') && !file) {
        delete shown[key]
        continue
      }
      shown[key] = {
        url: picture.url,
        proxy_url: picture.url,
        ...(file?.width ? { width: file.width, height: file.height } : {}),
      }
    }
    for (const key of ['author', 'footer'] as const) {
      const { icon_url: icon, ...words } = (embed[key] ?? {}) as { icon_url?: string | null }
      const missing =
        icon?.startsWith('attachment://') && !files.some((candidate) => `attachment://${candidate.filename}` === icon)
      if (missing) shown[key] = words
    }
    return shown
  })
}

function withoutNull(value: Embed): Embed {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null && entry !== undefined))
}

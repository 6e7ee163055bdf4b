import { faceOf } from '../../core/actors.ts'
import type { KeptFile, NewDelivery } from '../../core/delivery.ts'
import { sentence } from '../../core/sentence.ts'
import type { Observed } from '../observer.ts'
import { post } from '../posting.ts'
import { type Kept, keep, uploadLimit } from './keep.ts'
import type { Found } from './pictures.ts'
import type { Work } from './work.ts'

type Posted = Pick<Observed, 'deliveries' | 'tell'>

/** Keeps the pictures' bytes, remembers the newest, and posts those that are not there already. */
export async function showPictures(work: Work, wanted: Found[], prompt: string): Promise<Posted> {
  const { preset, parts, memory, signal } = work
  const where = placeFor(work, prompt)
  const kept: Kept[] = []
  for (const found of wanted) kept.push(await keep(found, where, parts, signal))
  const [newest, shown] = [wanted.at(-1) as Found, kept.at(-1) as Kept]
  memory.last = {
    url: newest.kind === 'url' ? newest.url : null,
    file: 'link' in shown ? null : fileOf(shown),
  }
  const before = preset.dedupe_discord_posts ? (memory.posted?.split('\n') ?? []) : []
  const fresh = kept.filter((each) => !before.includes(markOf(each)))
  if (!posts(work) || fresh.length === 0) return { deliveries: [] }
  memory.posted = kept.map(markOf).join('\n')
  const files = fresh.flatMap((each) => ('file' in each ? [each.file] : []))
  const links = fresh.flatMap((each) => ('link' in each ? [`${each.link}\n-# ${sentence(each.why)}`] : []))
  const left = fresh.flatMap((each) => ('left' in each ? [`-# ${each.why}`] : []))
  const caption = preset.post_caption_to_discord ? [preset.discord_caption ?? prompt] : []
  const sources = wanted.filter((_, at) => fresh.includes(kept[at] as Kept))
  const named = sources.flatMap((each) =>
    each.kind === 'url' && !links.some((link) => link.startsWith(each.url)) ? [each.url] : [],
  )
  const posted = await postFiles(work, [...caption, ...links, ...left].join('\n'), files, named)
  const unsent = elsewhere(work) !== null && sources.some(({ kind }) => kind === 'bytes')
  return { ...posted, tell: [...(posted.tell ?? []), ...(unsent ? [bytesNotice(work, files)] : [])] }
}

/** The preset's placeholder, where no picture came and it wants one shown. Never fails. */
export async function showPlaceholder(work: Work): Promise<NewDelivery[]> {
  const { preset, parts, signal } = work
  const url = preset.post_placeholder ? preset.placeholder_url : undefined
  if (url === undefined || !posts(work)) return []
  const where = placeFor(work, 'No picture came this round.')
  try {
    const kept = await keep({ kind: 'url', url }, where, parts, signal)
    return (await postFiles(work, '', 'file' in kept ? [kept.file] : [])).deliveries
  } catch {
    return []
  }
}

function placeFor({ round: { run, index }, parts }: Work, alt: string) {
  const tier = run.guild_id === null ? 0 : (parts.channels.boostTier?.(run.guild_id) ?? 0)
  return { runId: run.id, round: index, alt, limit: uploadLimit(tier) }
}

function posts({ preset }: Work): boolean {
  return preset.post_image_to_discord && !preset.discord_dry_run
}

/** The tool of another server that posts for this agent: it takes words, no files. */
function elsewhere({ preset }: Work): string | null {
  const { discord_tool: tool } = preset
  return tool === undefined || tool.server === 'discord' ? null : `${tool.server}/${tool.name}`
}

function bytesNotice(work: Work, files: KeptFile[]): { key: string; notice: string } {
  const where = files.map(({ path }) => `\`${path}\``).join(', ')
  const kept = where === '' ? '' : ` It is kept with the bot: ${where} in its DATA_DIR.`
  const notice = `\`${work.name}\`: the picture of round ${work.round.index + 1} came as bytes, and ${elsewhere(work)} takes words and addresses alone, so the caption was posted without it.${kept} To see such pictures, leave out discord_tool; this is told only once.`
  return { key: `bytes:${work.name}`, notice }
}

function postFiles(work: Work, text: string, files: KeptFile[], urls: string[] = []): Promise<Posted> {
  const { name, preset, parts, round, signal } = work
  const persona = { name: `Media · ${name}`, face: faceOf(`media ${name}`), avatar_url: null }
  const { discord_tool: tool, discord_channel: channel, discord_server: server } = preset
  const where = { run: round.run, who: name, persona, tool, channel, server }
  const words = elsewhere(work) === null ? text : [text, ...urls].filter(Boolean).join('\n')
  return post(where, [{ text: words, files }], parts, signal)
}

const fileOf = (kept: Exclude<Kept, { link: string }>): KeptFile => ('file' in kept ? kept.file : kept.left)

/** The same for the same picture, in whichever round it came. */
const markOf = (kept: Kept): string => ('link' in kept ? kept.link : fileOf(kept).name.replace(/^\d+-/, ''))

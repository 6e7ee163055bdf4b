import type { ModelInfo } from './model.ts'
import type { Run } from './run.ts'
import { shorten } from './shorten.ts'

/** https://docs.discord.com/developers/resources/channel#start-thread-from-message: a thread's name has 1 to 100 characters. */
const LONGEST_TITLE = 100
/** How much of a query stands in a title. */
const LONGEST_QUERY = 30

/** `roleplay: Claude Opus × Claude Sonnet`, with the beginning of the query where there is one. */
export function defaultTitle(
  template: string,
  models: Pick<ModelInfo, 'display_name'>[],
  query: string | null,
): string {
  const names = `${template}: ${models.map(({ display_name }) => display_name).join(' × ')}`
  const asked = query?.replaceAll(/\s+/g, ' ').trim() ?? ''
  return shorten(asked === '' ? names : `${names} · ${shorten(asked, LONGEST_QUERY)}`, LONGEST_TITLE)
}

/**
 * What a run is called wherever it stands beside others, its thread above all. Runs whose title nobody chose would all be called alike:
 * they carry their id.
 */
export function titleOf({ id, spec }: Pick<Run, 'id' | 'spec'>): string {
  const title = spec.title.replaceAll(/\s+/g, ' ').trim().toWellFormed()
  const models = spec.actors.map(({ model }) => model)
  const chosen = title !== '' && title !== defaultTitle(spec.template, models, spec.query)
  if (chosen) return shorten(title, LONGEST_TITLE)
  const mark = ` · ${id}`
  return `${shorten(title === '' ? spec.template : title, LONGEST_TITLE - mark.length)}${mark}`
}

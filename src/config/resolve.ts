import { randomInt } from 'node:crypto'
import { UserError } from '../core/errors.ts'
import type { ModelInfo } from '../core/model.ts'
import type { Actor, ChosenPreset, RunSpec } from '../core/run.ts'
import { formatTemplate, placeholdersOf } from '../core/template.ts'
import { defaultTitle } from '../core/title.ts'
import { withQuery } from '../core/vars.ts'
import type { Files } from './files.ts'
import { LM_OPTIONS, parseRunOptions, type RunOptions } from './options.ts'
import { SAME_AS_LM1 } from './preset.ts'
import { loadPreset, overridden, type PresetKind } from './preset-files.ts'
import { loadTemplate, resolveVar, type Template } from './template-files.ts'

/** What a run brings along besides its options. */
export interface RunContext {
  /** Variables from data (a dream's text): never read as `@file:`, and stronger than every other. */
  item_vars?: Record<string, string>
  item?: RunSpec['item']
  lineage?: RunSpec['lineage']
  /** Options where neither the asker nor the template has any. */
  fallbacks?: RunOptions
  /** Laid over every chosen preset. */
  discord_overrides?: Record<string, unknown>
  media_overrides?: Record<string, unknown>
  /** Begins errors about options and overrides: the config's file. */
  where?: string
}

export interface Resolvers {
  files: Files
  model(ref: string): ModelInfo
  presetModel(ref: string): ModelInfo
}

/** Turns options into all that a run needs, everything checked. Throws UserError with one sentence before anything is spent. */
export function resolveRun(
  from: Resolvers,
  given: RunOptions | Record<string, unknown>,
  context: RunContext = {},
): RunSpec {
  const asked = parseRunOptions(given, context.where)
  if (!asked.template) throw new UserError('template is missing: name a folder in templates/.')
  const template = loadTemplate(from.files, asked.template)
  const options: RunOptions = { ...context.fallbacks, ...template.defaults, ...defined(asked), template: template.name }
  const models = chosenModels(options, asked, template).map((ref) => from.model(ref))
  const query = options.query ?? null
  requireKnown(asked.vars ?? {}, template)
  const vars = variables(from.files, template, asked.vars ?? {}, query, context)
  const actors = makeActors(template, models, vars)
  const profiles = choose(from, 'discord', options.profiles ?? [], template, context)
  const media = choose(from, 'media', options.media ?? [], template, context)
  checkTools(options.tools ?? [])
  checkTemperature(options.temperature, models)
  checkPrices(options, [...models, ...presetModels(profiles), ...presetModels(media)])
  return {
    template: template.name,
    description: template.description,
    actors,
    title: options.title ?? defaultTitle(template.name, models, query),
    vars,
    query,
    ...(asked.vars === undefined ? {} : { asked_vars: Object.keys(asked.vars) }),
    max_turns: options.max_turns ?? null,
    max_tokens: options.max_tokens ?? null,
    max_context_frac: options.max_context_frac ?? 0,
    context_window: options.context_window ?? null,
    temperature: options.temperature ?? 1,
    max_cost: options.max_cost ?? 2,
    order: options.order ?? 'round_robin',
    stop: options.stop ?? 'line',
    reasoning: options.reasoning ?? 'hidden',
    seed: options.seed ?? randomInt(2 ** 32),
    tools: options.tools ?? [],
    nudge: template.nudge,
    on_loop: options.on_loop ?? 'notice',
    profiles,
    media,
    item: context.item ?? null,
    lineage: context.lineage ?? null,
  }
}

/** One reference an agent: a missing lm2 … means lm1 again, more models than agents are an error. */
function chosenModels(options: RunOptions, asked: RunOptions, template: Template): string[] {
  const agents = template.agents.length
  const named = asked.models ?? listedModels(asked, options) ?? options.models ?? listedModels(options, options)
  const first = named?.[0]
  if (!named || first === undefined) {
    throw new UserError(
      `lm1 is missing: name a model for "${template.name}", an alias (see the list of models) or provider:model.`,
    )
  }
  if (named.length > agents) {
    throw new UserError(
      `The template "${template.name}" has ${plural(agents, 'agent')}, but ${plural(named.length, 'model')} are named; leave out ${plural(named.length - agents, 'model')}.`,
    )
  }
  return Array.from({ length: agents }, (_, i) => named[i] ?? first)
}

/** lm1 … lm6 with the template's defaults between them; null when `asked` names none. */
function listedModels(asked: RunOptions, options: RunOptions): (string | undefined)[] | null {
  if (LM_OPTIONS.every((name) => asked[name] === undefined)) return null
  const named: (string | undefined)[] = LM_OPTIONS.map((name) => options[name])
  while (named.at(-1) === undefined) named.pop()
  return named
}

/** Throws UserError on a variable that the template neither has nor uses: a mistyped name would go unheard. */
function requireKnown(asked: Record<string, string>, template: Template): void {
  const texts = template.agents.flatMap(({ system, history }) => [system, ...history.map(({ content }) => content)])
  const known = new Set([
    ...Object.keys({ ...template.vars, ...template.defaults.vars }),
    ...texts.flatMap(placeholdersOf),
  ])
  const unknown = Object.keys(asked).find((name) => !known.has(name) && !OF_THE_QUERY.includes(name))
  if (unknown === undefined) return
  const own = [...known].filter((name) => !/^model\d+_(display_name|company)$/.test(name))
  const has = own.length === 0 ? 'has none' : `has ${own.join(', ')}`
  throw new UserError(`vars: there is no variable ${unknown} in the template "${template.name}"; it ${has}.`)
}

/** What `query` sets may be set in its stead, in every template. */
const OF_THE_QUERY = ['QUERY', 'DREAM_TEXT']

/** vars.json, then the template's default vars, then what was asked for, then the item's. */
function variables(
  files: Files,
  template: Template,
  asked: Record<string, string>,
  query: string | null,
  context: RunContext,
): Record<string, string> {
  const set = Object.fromEntries(
    Object.entries({ ...template.defaults.vars, ...asked }).map(([name, value]) => [
      name,
      resolveVar(files, template.folder, value, `vars: ${name}`),
    ]),
  )
  return { ...template.vars, ...withQuery({ ...set, ...context.item_vars }, query) }
}

/** Fills the template's files. Throws UserError on an unknown placeholder and on histories that cannot begin a conversation. */
export function makeActors(template: Template, models: ModelInfo[], vars: Record<string, string>): Actor[] {
  const values: Record<string, string> = {}
  models.forEach((model, i) => {
    values[`model${i + 1}_display_name`] = model.display_name
    values[`model${i + 1}_company`] = model.company
  })
  Object.assign(values, vars)
  const actors = template.agents.map((agent, i): Actor => {
    const model = models[i] as ModelInfo
    return {
      model,
      name: `${model.display_name} ${i + 1}`,
      face: faceOf(model),
      system: formatTemplate(agent.system, values, agent.systemFile),
      history: agent.history.map(({ role, content }) => ({
        role,
        content: formatTemplate(content, values, agent.historyFile),
      })),
    }
  })
  const silent = (actor: Actor) => actor.history.every(({ content }) => content.trim() === '')
  const gone = template.agents.find(({ historyGone }) => historyGone)
  const missing = gone ? ` ${gone.historyFile} does not exist.` : ''
  if (actors.every(silent)) {
    throw new UserError(
      `${template.file}: every history is empty.${missing} At least one agent needs an opening message: a history file with a heading "# user" and text below it.`,
    )
  }
  const first = actors[0] as Actor
  if (silent(first)) {
    throw new UserError(
      `${template.file}: agent 1, ${first.name}, speaks first and its history is empty.${missing} Give agent 1 a history with an opening message.`,
    )
  }
  return actors
}

/** The same for the same model in every run, and another for another model of the same name: `claude_opus_claude_opus_5_5`. */
function faceOf(model: ModelInfo): string {
  return (
    `${model.display_name} ${model.api_name}`
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.join('_') ?? 'model'
  )
}

function choose(
  from: Resolvers,
  kind: PresetKind,
  names: string[],
  template: Template,
  context: RunContext,
): ChosenPreset[] {
  const overrides = kind === 'discord' ? context.discord_overrides : context.media_overrides
  return names.map((name) => {
    const file = loadPreset(from.files, kind, name, template.name)
    const over = `${context.where ?? 'options'}: ${kind}_overrides`
    const content = overridden(kind, file, overrides, over)
    return { name, ...withModel(from, content, overrides?.model === undefined ? file.file : over) }
  })
}

/** An unknown model does not keep a run from its start: that narrator or media agent alone does nothing. */
function withModel(from: Resolvers, content: Record<string, unknown>, where: string): Omit<ChosenPreset, 'name'> {
  const ref = content.model
  const same = { ...content, model: SAME_AS_LM1 }
  if (typeof ref !== 'string' || ref === '' || ref === SAME_AS_LM1) return { preset: same }
  try {
    return { preset: { ...content, model: from.presetModel(ref) } }
  } catch (error) {
    if (error instanceof UserError) return { preset: same, fault: `${where}: model: ${error.message}` }
    throw error
  }
}

function presetModels(chosen: ChosenPreset[]): ModelInfo[] {
  return chosen.flatMap(({ preset }) => (typeof preset.model === 'object' ? [preset.model as ModelInfo] : []))
}

function checkTools(tools: string[]): void {
  const wrong = tools.find((tool) => !/^[^/]+\/.+$/.test(tool))
  if (wrong !== undefined) throw new UserError(`tools: "${wrong}" should be server/tool, as in demo/paint.`)
}

function checkTemperature(temperature: number | undefined, models: ModelInfo[]): void {
  const claude = models.find(({ provider, quirks }) => provider === 'anthropic' && !quirks.no_temperature)
  if (temperature !== undefined && temperature > 1 && claude) {
    throw new UserError(`temperature: ${claude.display_name} takes 0 to 1, not ${temperature}.`)
  }
}

function checkPrices(options: RunOptions, models: ModelInfo[]): void {
  const priced = models.find(({ price }) => price === null || price.input + price.output > 0)
  if (options.max_cost === 0 && priced) {
    throw new UserError(
      `With max_cost 0 only models that cost nothing may speak; ${priced.alias} costs. Give it a budget in USD.`,
    )
  }
  const unknown = models.find(({ price }) => price === null)
  if (unknown && options.max_turns === undefined) {
    throw new UserError(
      `The price of ${unknown.alias} is not known, so max_cost cannot hold: set max_turns, or give its price in configs/models.json.`,
    )
  }
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T
}

import { z } from 'zod'
import { UserError } from '../core/errors.ts'
import { parseHistory } from '../core/history.ts'
import { nearestSentence } from '../core/nearest.ts'
import type { HistoryMessage } from '../core/run.ts'
import { varText } from '../core/vars.ts'
import { choice, inspect, isObject, names, object, type Problems, text } from './fields.ts'
import type { Files } from './files.ts'
import { optionShape, RUN_OPTIONS, type RunOptions } from './options.ts'

/** One agent of a template as it stands in its files, placeholders and all. */
interface TemplateAgent {
  system: string
  /** Where the system prompt stands, for errors. */
  systemFile: string
  history: HistoryMessage[]
  historyFile: string
  /** It names a history file that does not exist. */
  historyGone: boolean
}

export interface Template {
  name: string
  /** Of template.json, relative to the project. */
  file: string
  /** Absolute; `@file:` paths stay inside it. */
  folder: string
  description: string
  agents: TemplateAgent[]
  vars: Record<string, string>
  defaults: RunOptions
  nudge: string | null
}

const defaultsShape = object({ ...optionShape, discord: names().optional() })

const common = {
  description: text().optional(),
  defaults: defaultsShape.optional(),
  stop: choice(RUN_OPTIONS.stop.choices).optional(),
  tools: names().optional(),
  order: choice(RUN_OPTIONS.order.choices).optional(),
  nudge: text().optional(),
}

const agentsOf = <S extends z.ZodType>(agent: S) => z.array(agent, { error: 'a list of agents, in speaking order' })
const folderSchema = object({
  ...common,
  agents: agentsOf(object({ system: text().optional(), history: text().optional() })),
})
const legacySchema = object({
  ...common,
  agents: agentsOf(
    object({ system_prompt_file: text().optional(), history_file: text().optional() }).transform((agent) => ({
      system: agent.system_prompt_file,
      history: agent.history_file,
    })),
  ),
})

/** Names of all templates, folders and legacy files alike, broken ones included. */
export function templateNames(files: Files): string[] {
  const folder = files.path('templates')
  const found = files.names(folder).flatMap((name) => {
    if (files.isFolder(files.path('templates', name)))
      return files.exists(files.path('templates', name, 'template.json')) ? [name] : []
    return name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []
  })
  return [...new Set(found)].sort()
}

/** Throws UserError with the first thing that is wrong with it. */
export function loadTemplate(files: Files, name: string): Template {
  const { template, errors } = readTemplate(files, name)
  if (!template) throw new UserError(errors[0] as string)
  return template
}

/** A template with all that its files say; null when there are errors. */
export function readTemplate(files: Files, name: string): { template: Template | null } & Problems {
  const problems: Problems = { errors: [], warnings: [] }
  try {
    return { template: read(files, name, problems), ...problems }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { template: null, errors: [...problems.errors, error.message], warnings: problems.warnings }
  }
}

function read(files: Files, name: string, problems: Problems): Template | null {
  const templates = files.path('templates')
  if (/[/\\\0]/.test(name) || name.startsWith('.')) {
    throw new UserError(`"${name}" is no template's name: it is the name of a folder in templates/, without a path.`)
  }
  const folder = files.inside(templates, name, 'template')
  const legacy =
    !files.exists(files.path('templates', name, 'template.json')) &&
    files.exists(files.path('templates', `${name}.json`))
  if (!legacy && !files.isFolder(folder)) {
    throw new UserError(`There is no template "${name}". ${nearestSentence(name, templateNames(files))}`)
  }
  const path = legacy
    ? files.inside(templates, `${name}.json`, 'template')
    : files.inside(folder, 'template.json', 'template')
  const file = files.shown(path)
  const { value, errors, warnings } = inspect(legacy ? legacySchema : folderSchema, files.json(path), file)
  problems.errors.push(...errors)
  problems.warnings.push(...warnings)
  if (!value) return null
  const base = legacy ? files.root : folder
  const agents = value.agents.map(({ system, history }, i) =>
    readAgent(files, base, `${file}: agent ${i + 1}`, system, history, problems),
  )
  const { discord, ...defaults } = value.defaults ?? {}
  const top = { stop: value.stop, tools: value.tools, order: value.order }
  return {
    name,
    file,
    folder,
    description: value.description ?? '',
    agents,
    vars: readVars(files, folder),
    defaults: {
      ...definedOnly(top),
      ...(discord ? { profiles: discord } : {}),
      ...definedOnly(defaults),
    } as RunOptions,
    nudge: value.nudge ?? null,
  }
}

function readAgent(
  files: Files,
  base: string,
  where: string,
  system: string | undefined,
  history: string | undefined,
  problems: Problems,
): TemplateAgent {
  const agent: TemplateAgent = { system: '', systemFile: where, history: [], historyFile: where, historyGone: false }
  if (system) {
    const path = insideVisible(files, base, system, where)
    agent.systemFile = files.shown(path)
    // As the predecessor has it: a missing system file means no system prompt.
    if (files.exists(path)) agent.system = files.text(path).trim()
    else
      problems.warnings.push(`${where}: system: ${agent.systemFile} does not exist; the agent gets no system prompt.`)
  }
  if (history) {
    const path = insideVisible(files, base, history, where)
    agent.historyFile = files.shown(path)
    // A missing one is an empty history, as the predecessor has it; the first speaker's may not be empty, which `makeActors` holds.
    if (!files.exists(path)) {
      agent.historyGone = true
      problems.warnings.push(
        `${where}: history: ${agent.historyFile} does not exist; the agent starts with an empty history.`,
      )
      return agent
    }
    agent.history = parseHistory(files.text(path))
    if (agent.history.length === 0) {
      problems.warnings.push(
        `${agent.historyFile}: holds no message; one begins with a heading "# user" or "# assistant".`,
      )
    }
  }
  return agent
}

/** Legacy paths are relative to the project, where hidden files hold secrets. */
function insideVisible(files: Files, base: string, name: string, where: string): string {
  if (name.split(/[/\\]/).some((part) => /^\.[^./\\]/.test(part)))
    throw new UserError(`${where}: "${name}" is a hidden file; name another.`)
  return files.inside(base, name, where)
}

/** vars.json of a template; empty when there is none. */
function readVars(files: Files, folder: string): Record<string, string> {
  const path = files.inside(folder, 'vars.json', 'vars.json')
  if (!files.exists(path)) return {}
  const file = files.shown(path)
  const raw = files.json(path)
  if (!isObject(raw)) throw new UserError(`${file}: it must be an object of names and values.`)
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) =>
      value === null ? [] : [[name, resolveVar(files, folder, varText(value), `${file}: ${name}`)]],
    ),
  )
}

/** `@file:rel` gives that file of the template's folder, anything else itself. Throws UserError. */
export function resolveVar(files: Files, folder: string, value: string, where: string): string {
  if (!value.startsWith('@file:')) return value
  const path = files.inside(folder, value.slice('@file:'.length).trim(), where)
  if (!files.exists(path))
    throw new UserError(`${where}: ${files.shown(path)} does not exist; create it or write the text itself.`)
  return files.text(path)
}

function definedOnly<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>
}

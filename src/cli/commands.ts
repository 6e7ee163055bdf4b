import { check } from './check.ts'
import type { Command } from './command.ts'
import { config } from './config.ts'
import { dreamsim3, dreamsim4 } from './dreamsim.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { list } from './list.ts'
import { mcp } from './mcp.ts'
import { mcpServe } from './mcp-serve.ts'
import { models } from './models.ts'
import { render } from './render.ts'
import { resume } from './resume.ts'
import { run } from './run.ts'
import { templates } from './templates.ts'

/** Every command by its name, which may have two words (`dreams search`). */
export const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  resume,
  list,
  export: exportCommand,
  import: importCommand,
  config,
  dreamsim3,
  dreamsim4,
  models,
  templates,
  render,
  check,
  mcp,
  'mcp-serve': mcpServe,
}

/** How the overview shows them. */
export const GROUPS: Readonly<Record<string, string[]>> = {
  Conversations: ['run', 'resume', 'list', 'export', 'import'],
  'Many at once': ['config', 'dreamsim3', 'dreamsim4'],
  'What there is': ['models', 'templates', 'render', 'check'],
  'Other programs': ['mcp', 'mcp-serve'],
}

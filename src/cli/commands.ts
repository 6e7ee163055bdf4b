import { archiveExport, archiveRandom, archiveSearch, archiveShow } from './archive.ts'
import { check } from './check.ts'
import type { Command } from './command.ts'
import { config } from './config.ts'
import { dreamsAdd, dreamsExport, dreamsImport, dreamsSearch, dreamsShow } from './dreams.ts'
import { dreamsim3, dreamsim4 } from './dreamsim.ts'
import { exportCommand } from './export.ts'
import { fork } from './fork.ts'
import { importCommand } from './import.ts'
import { list } from './list.ts'
import { mcp } from './mcp.ts'
import { mcpServe } from './mcp-serve.ts'
import { models } from './models.ts'
import { render } from './render.ts'
import { resume } from './resume.ts'
import { run } from './run.ts'
import { importLogsCommand, sync } from './sync.ts'
import { templates } from './templates.ts'

/** Every command by its name, which may have two words (`dreams search`). */
export const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  resume,
  fork,
  list,
  export: exportCommand,
  import: importCommand,
  config,
  dreamsim3,
  dreamsim4,
  'dreams search': dreamsSearch,
  'dreams show': dreamsShow,
  'dreams add': dreamsAdd,
  'dreams import': dreamsImport,
  'dreams export': dreamsExport,
  'archive search': archiveSearch,
  'archive show': archiveShow,
  'archive random': archiveRandom,
  'archive export': archiveExport,
  'import-logs': importLogsCommand,
  sync,
  models,
  templates,
  render,
  check,
  mcp,
  'mcp-serve': mcpServe,
}

/** How the overview shows them. */
export const GROUPS: Readonly<Record<string, string[]>> = {
  Conversations: ['run', 'resume', 'fork', 'list', 'export', 'import'],
  'Many at once': ['config', 'dreamsim3', 'dreamsim4'],
  Dreams: ['dreams search', 'dreams show', 'dreams add', 'dreams import', 'dreams export'],
  'The archive: runs that have ended': [
    'archive search',
    'archive show',
    'archive random',
    'archive export',
    'import-logs',
    'sync',
  ],
  'What there is': ['models', 'templates', 'render', 'check'],
  'Other programs': ['mcp', 'mcp-serve'],
}

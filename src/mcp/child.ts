import { resolve, sep } from 'node:path'

/** What a child inherits besides its own `env`; never the bot's keys. MEDIA_ALLOW_HOSTS is for the demo server. */
const INHERITED = [
  ...[
    'HOME',
    'LOGNAME',
    'PATH',
    'SHELL',
    'TERM',
    'USER',
    'LANG',
    'LC_ALL',
    'TZ',
    'TMPDIR',
    'NODE_EXTRA_CA_CERTS',
    'MEDIA_ALLOW_HOSTS',
  ],
  ...['APPDATA', 'LOCALAPPDATA', 'PATHEXT', 'PROGRAMFILES', 'SYSTEMROOT', 'TEMP', 'USERPROFILE'],
]

/** The part of the bot's environment that a child gets. */
export function inherited(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}

/** The project brings its own Node.js; other programs are found on PATH, or from the project's folder. */
export function program(command: string, root: string): string {
  if (command === 'node') return process.execPath
  return command.includes('/') || command.includes(sep) ? resolve(root, command) : command
}

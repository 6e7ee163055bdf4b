import { type OldFile, oldFiles } from './cli-files.ts'
import type { Scene } from './scene.ts'

/** A machine as it stands after everything typed so far: it is run again from the start at each turn. */
export class Machine {
  cwd = '/home/guest'
  readonly files: Record<string, OldFile>
  readonly #scene: Scene
  readonly #values: Record<string, string>
  readonly #typed: string[] = []
  #minutes = 0

  constructor(scene: Scene) {
    this.#scene = scene
    this.#values = Object.fromEntries(
      ['admin', 'late', 'purpose', 'why', 'odd'].map((name) => [name, scene.once(name)]),
    )
    this.files = oldFiles(this.#values)
  }

  /** What the machine prints for one line; empty for most that change something. */
  run(line: string): string {
    this.#typed.push(line)
    this.#minutes += 2
    const redirect = /^(.*?)\s*(>>?)\s*(\S+)\s*$/.exec(line)
    if (redirect !== null)
      return this.#write(redirect[3] as string, this.#output((redirect[1] as string).trim()), redirect[2] === '>>')
    const [first = ''] = line.split(/\s*(?:\||&&|;)\s*/)
    return this.#output(first)
  }

  prompt(): string {
    return `guest@halcyon:${this.cwd === '/home/guest' ? '~' : this.cwd}$`
  }

  #output(line: string): string {
    const [command = '', ...rest] = line.split(/\s+/)
    const flags = rest.filter((word) => word.startsWith('-'))
    const words = rest.filter((word) => !word.startsWith('-')).map((word) => word.replace(/^["']|["']$/g, ''))
    const target = words.at(-1)
    const { late, admin } = this.#values
    switch (command) {
      case '':
        return ''
      case 'pwd':
        return this.cwd
      case 'ls':
      case 'dir':
        return this.#list(target ?? '.', flags.join(''))
      case 'cd':
        return this.#enter(target ?? '~')
      case 'cat':
      case 'less':
      case 'more':
      case 'head':
      case 'tail':
        return words.length === 0
          ? `${command}: nothing to read`
          : words.map((word) => this.#read(command, word)).join('\n')
      case 'echo':
        return rest.join(' ').replace(/^["']|["']$/g, '')
      case 'touch':
      case 'mkdir':
        return target === undefined ? `${command}: what?` : this.#write(target, '', true)
      case 'who':
      case 'w':
        return `guest    tty1   ${this.#clock()}\n${late}   tty3   Nov  8 02:14   (idle, lately)`
      case 'whoami':
      case 'id':
        return 'guest'
      case 'hostname':
        return 'halcyon'
      case 'uname':
        return 'HALCYON 4.1 bench4 M68K (built by hand)'
      case 'date':
        return `Thu Jan  1 ${this.#clock()}:09 1970`
      case 'uptime':
        return ` ${this.#clock()}  up 11403 days, 2 users, load 0.00, 0.00, 1.00`
      case 'ps':
        return `  PID TTY   STARTED  COMMAND\n    1 ?     1991     init\n   40 ?     1991     /usr/local/bin/count\n  212 tty3  02:14    -sh (${late})\n  213 tty3  02:14    waiting\n  ${300 + this.#typed.length} tty1  ${this.#clock()}    -sh (guest)`
      case 'df':
      case 'mount':
        return '/dev/disk0   /      71%\n/dev/disk1   /home  38%\n/dev/disk2   (away)'
      case 'last':
        return `${late}   tty3   Nov  8 02:14   still logged in\n${admin}  tty2   Nov 20 08:30 - 17:59\n1002     ttyq   Jan  1 00:00 - (no logout)`
      case 'history':
        return this.#typed
          .slice(-8)
          .map((typed, index) => `  ${index + 1}  ${typed}`)
          .join('\n')
      case 'mail':
        return this.#read('mail', '/var/mail/guest')
      case 'finger':
        return this.#finger(target)
      case 'find':
        return this.#find(words, line)
      case 'grep':
        return this.#grep(words)
      case 'man':
        return target === undefined
          ? 'What manual page do you want?'
          : `${target.toUpperCase()}(1)\n    ${target} does what it says. See also: /opt/bench4/manual.txt\n    BUGS  It has been known to wait for an answer.`
      case 'file':
        return `${target}: ${this.#file(target) === undefined ? 'cannot open' : 'text, written by somebody tired'}`
      case 'fortune':
        return this.#scene.say('fortune')
      case 'write':
      case 'wall':
        return `(delivered to tty3)\nMessage from ${late} on tty3: ${this.#scene.say('wrote')}`
      case 'count':
        return '198 down, 199 up\nrecounting\n198 down, 199 up\nthere must always be a person: are you one? [y/n]'
      case 'y':
      case 'yes':
        return 'thank you. counted.'
      case 'n':
      case 'no':
        return 'thank you. counted all the same.'
      case 'goodnight':
        return `good night, ${late}\ngood night, guest`
      case 'sleep':
      case 'wait':
        return '...'
      case 'clear':
        return ''
      case 'help':
        return 'There is a manual. There was a person as well.'
      case 'sudo':
      case 'su':
        return 'guest is not in the sudoers file. It has been mentioned to the cat.'
      case 'rm':
      case 'mv':
      case 'chmod':
        return `${command}: ${target}: permission denied, with regret`
      case 'logout':
      case 'exit':
        return 'You have running jobs: waiting'
      default:
        return this.#program(command)
    }
  }

  #program(command: string): string {
    const name = command.split('/').at(-1) ?? ''
    if (name !== command || this.#file(command) !== undefined) {
      if (name === 'goodnight' || name === 'count' || name === 'fortune') return this.#output(name)
      const file = this.#file(command)
      if (file !== undefined)
        return file.text === ''
          ? ''
          : `sh: ${name}: ran it as it was written. It printed nothing, and the light on disk 2 went on.`
    }
    return `sh: ${command}: not found`
  }

  #list(path: string, flags: string): string {
    const at = this.#resolve(path)
    const inside = Object.keys(this.files).filter((file) => file.startsWith(at === '/' ? '/' : `${at}/`))
    if (inside.length === 0) return this.files[at] === undefined ? `ls: ${path}: no such file or directory` : path
    const start = at === '/' ? 1 : at.length + 1
    const names = [...new Set(inside.map((file) => file.slice(start).split('/')[0] as string))].sort()
    const shown = flags.includes('a') ? names : names.filter((name) => !name.startsWith('.'))
    if (!flags.includes('l')) return shown.join('   ')
    const rows = shown.map((name) => {
      const file = this.files[`${at === '/' ? '' : at}/${name}`]
      const size = String(file?.text.length ?? 512).padStart(5)
      return `${file === undefined ? 'drwxr-xr-x' : '-rw-r--r--'}  ${(file?.owner ?? 'root').padEnd(9)} ${size}  ${(file?.date ?? 'Nov  8 02:20').padEnd(12)}  ${name}${file === undefined ? '/' : ''}`
    })
    return `total ${rows.length}\n${rows.join('\n')}`
  }

  #enter(path: string): string {
    const at = this.#resolve(path)
    const exists = at === '/' || Object.keys(this.files).some((file) => file.startsWith(`${at}/`))
    if (exists) this.cwd = at
    return exists ? '' : `cd: ${path}: ${this.files[at] === undefined ? 'no such directory' : 'not a directory'}`
  }

  #read(command: string, path: string): string {
    const file = this.#file(path)
    if (file !== undefined) return file.text
    const isFolder = Object.keys(this.files).some((name) => name.startsWith(`${this.#resolve(path)}/`))
    return `${command}: ${path}: ${isFolder ? 'is a directory' : 'no such file or directory'}`
  }

  #write(path: string, text: string, append: boolean): string {
    const at = this.#resolve(path)
    if (!/^\/(?:tmp|home|dev)\//.test(at)) return `sh: ${path}: permission denied`
    if (at.startsWith('/dev/'))
      return at === '/dev/null' ? '' : `(sent)\nMessage from ${this.#values.late} on tty3: ${this.#scene.say('wrote')}`
    const before = append ? (this.files[at]?.text ?? '') : ''
    this.files[at] = {
      owner: 'guest',
      date: `Jan  1 ${this.#clock()}`,
      text: before === '' ? text : `${before}\n${text}`,
    }
    return at === '/tmp/.wake' ? `Message from ${this.#values.late} on tty3: ${this.#scene.say('wrote')}` : ''
  }

  #finger(user: string | undefined): string {
    if (user === undefined) return this.#output('who')
    const plan = this.files[`/home/${user}/.plan`]?.text ?? 'No plan.'
    const known = (this.files['/etc/passwd']?.text ?? '').includes(`${user}:`)
    return known
      ? `Login: ${user}   On bench 4.\nPlan:\n${plan}`
      : `finger: ${user}: no such user. There is a warm chair.`
  }

  #find(words: string[], line: string): string {
    const name = /-name\s+["']?([^"'\s]+)/.exec(line)?.[1]?.replaceAll('*', '') ?? ''
    const under = this.#resolve(words[0] ?? '.')
    const found = Object.keys(this.files).filter((file) => file.startsWith(under) && file.includes(name))
    return found.length === 0 ? '' : found.sort().slice(0, 14).join('\n')
  }

  #grep(words: string[]): string {
    const [word = '', under = '/'] = words
    const hits = Object.entries(this.files).flatMap(([path, file]) =>
      path.startsWith(this.#resolve(under))
        ? file.text
            .split('\n')
            .filter((row) => row.toLowerCase().includes(word.toLowerCase()))
            .map((row) => `${path}: ${row.trim()}`)
        : [],
    )
    return hits.slice(0, 8).join('\n')
  }

  #file(path: string | undefined): OldFile | undefined {
    return path === undefined ? undefined : this.files[this.#resolve(path)]
  }

  #resolve(path: string): string {
    const from = path.startsWith('~')
      ? `/home/guest/${path.slice(1)}`
      : path.startsWith('/')
        ? path
        : `${this.cwd}/${path}`
    const parts: string[] = []
    for (const part of from.split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '' && part !== '.') parts.push(part)
    }
    return `/${parts.join('/')}`
  }

  #clock(): string {
    const minutes = this.#minutes
    return `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
  }
}

// Makes a fresh clone runnable: installs what is missing, with built-ins only, on any Node.js that can run npm.
// `node setup.mjs` installs what the bot needs; `node setup.mjs --dev` also what the tests and checks need.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const dev = process.argv.includes('--dev')
const NODE_MAJOR = 24

if (!isInstalled()) install()
if (!bringNode() && Number(process.versions.node.split('.')[0]) < NODE_MAJOR) {
  fail(
    `Backrooms needs Node.js ${NODE_MAJOR}, and npm has none to bring for ${process.platform}-${process.arch}. ` +
      (process.platform === 'win32'
        ? 'Run it in WSL, where it brings its own.'
        : `Install Node.js ${NODE_MAJOR} (on a Mac: "brew install node@${NODE_MAJOR}") and try again.`),
  )
}

/** Whether every package that is asked for is there, at the version of the lock file. */
function isInstalled() {
  const marker = join(root, 'node_modules/.package-lock.json')
  const lock = join(root, 'package-lock.json')
  if (!existsSync(marker) || statSync(lock).mtimeMs > statSync(marker).mtimeMs) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const names = Object.keys({ ...wanted.dependencies, ...(dev ? wanted.devDependencies : {}) })
  return names.every((name) => existsSync(join(root, 'node_modules', name, 'package.json')))
}

function install() {
  process.stderr.write('Setting up (once; about a minute) …\n')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(dev ? ['--include=dev'] : ['--omit=dev'])]
  const npm = process.env.npm_execpath
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (result.status !== 0) fail('npm could not install the packages; its own message is above.')
}

/** Puts the Node.js that npm brought where npm scripts find it. npm 10 does not link it itself when packages for other platforms were left out. */
function bringNode() {
  const brought = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node')
  if (!existsSync(brought)) return false
  const link = join(root, 'node_modules/.bin/node')
  if (!existsSync(link)) {
    mkdirSync(dirname(link), { recursive: true })
    rmSync(link, { force: true })
    symlinkSync(brought, link)
  }
  return true
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

import { enableCompileCache } from 'node:module'
import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'

// Imported before everything else: a bot that mostly waits should be small and quick to start. Modules loaded from here on are compiled once and
// kept; V8 holds its heap close to what is in it.
setFlagsFromString('--optimize-for-size')
enableCompileCache(resolve(import.meta.dirname, '../node_modules/.cache/node'))

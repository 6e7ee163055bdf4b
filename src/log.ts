import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** To stderr: readable on a terminal, JSON otherwise. Keys of providers and tokens never get this far; these paths are a second net. */
export function makeLog(level: string): Logger {
  const redact = { paths: ['*.token', '*.apiKey', '*.authorization', '*.headers.authorization'], censor: '…' }
  const options = { level, redact, base: undefined }
  return process.stderr.isTTY
    ? pino(options, pretty({ destination: 2, sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
    : pino(options, pino.destination({ dest: 2, sync: true }))
}

/** npm and a terminal both pass a signal on, so the first may arrive twice; only one this much later is a second wish (ms). */
const SAME_WISH = 1000

/** On SIGTERM or SIGINT: `gracefully`, then exit 0. A second signal, at least a second later, ends the process at once. */
export function whenToldToEnd(gracefully: () => Promise<void>): void {
  let first = 0
  const told = (signal: NodeJS.Signals) => {
    const now = Date.now()
    if (first === 0) {
      first = now
      gracefully().then(
        () => process.exit(0),
        (error) => {
          process.stderr.write(`${String(error)}\n`)
          process.exit(1)
        },
      )
    } else if (now - first >= SAME_WISH) {
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
  }
  process.on('SIGTERM', told)
  process.on('SIGINT', told)
}

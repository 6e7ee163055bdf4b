/**
 * The one event stream. After a break it is opened again; what was missed is not sent again, so `onAgain` is called to have the page
 * read anew. A `reset` from the sandbox, for a reader that fell too far behind, is treated alike.
 */
const AGAIN_MS = 1500

export const openStream = (user, { onEvent, onAgain, onState }) => {
  let source
  let timer = 0
  let opened = false
  const connect = () => {
    source = new EventSource(`/sandbox/events?user=${encodeURIComponent(user)}`)
    source.addEventListener('ready', () => {
      onState(true)
      if (opened) onAgain()
      opened = true
    })
    source.addEventListener('reset', () => onAgain())
    source.addEventListener('message', (event) => onEvent(JSON.parse(event.data)))
    source.addEventListener('error', () => {
      onState(false)
      // A browser gives up by itself when it was answered with an error.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(connect, AGAIN_MS)
    })
  }
  connect()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}

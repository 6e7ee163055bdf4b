/**
 * The one event stream. After a break the browser connects again by itself; whatever was missed is not sent again, so `onAgain` is
 * called to have the page read anew. A `reset` from the sandbox, for a reader that fell too far behind, is treated alike.
 */
export const openStream = (user, { onEvent, onAgain, onState }) => {
  const source = new EventSource(`/sandbox/events?user=${encodeURIComponent(user)}`)
  let opened = false
  source.addEventListener('ready', () => {
    onState(true)
    if (opened) onAgain()
    opened = true
  })
  source.addEventListener('reset', () => onAgain())
  source.addEventListener('message', (event) => onEvent(JSON.parse(event.data)))
  source.addEventListener('error', () => onState(false))
  return () => source.close()
}

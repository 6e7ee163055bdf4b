/** Keys that work everywhere on the page: Ctrl+K, Alt+arrows, Escape, and typing without a field at hand. */

/** actions: { switcher(), step(by), closeSidebar(), toPresent(), write() } */
export const listenForKeys = (actions) =>
  document.addEventListener('keydown', (event) => {
    const { key } = event
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    if ((event.ctrlKey || event.metaKey) && key === 'k') {
      event.preventDefault()
      actions.switcher()
    } else if (event.altKey && (key === 'ArrowUp' || key === 'ArrowDown')) {
      event.preventDefault()
      actions.step(key === 'ArrowDown' ? 1 : -1)
    } else if (key === 'Escape') {
      if (document.body.classList.contains('sidebar-open')) actions.closeSidebar()
      else if (!document.querySelector('dialog[open], .menu')) actions.toPresent()
    } else if (plain && key.length === 1 && key !== ' ' && atRest()) actions.write()
  })

/** Whether the focus is nowhere that takes letters. */
const atRest = () => document.activeElement === document.body || document.activeElement?.matches('.scroller, .message')

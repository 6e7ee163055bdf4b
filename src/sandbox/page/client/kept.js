/** Small things kept in the browser, as JSON. One that keeps nothing forgets them with the page. */
const read = (storage, key) => {
  try {
    return JSON.parse(storage().getItem(key) ?? 'null')
  } catch {
    return null
  }
}

const write = (storage, key, value) => {
  try {
    storage().setItem(key, JSON.stringify(value))
  } catch {
    // Full or forbidden: nothing here is worth an error.
  }
}

const drawer = (storage) => ({ get: (key) => read(storage, key), set: (key, value) => write(storage, key, value) })

/** of this tab: who speaks, which channel is open */
export const ofTab = drawer(() => sessionStorage)
/** of this browser: what has been read */
export const ofBrowser = drawer(() => localStorage)

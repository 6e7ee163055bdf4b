/** Whether a request names only this machine: a page elsewhere could otherwise reach the sandbox through a person's browser. */
const NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @param host the Host header @param origin the Origin header, which browsers send */
export function isLoopback(host: string, origin: string | undefined): boolean {
  return names(`http://${host}`) && (origin === undefined || names(origin))
}

function names(address: string): boolean {
  return URL.canParse(address) && NAMES.has(new URL(address).hostname)
}

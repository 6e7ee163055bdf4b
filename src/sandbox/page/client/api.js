const as = (user) => `user=${encodeURIComponent(user)}`

/** Requests to the sandbox's doors. A refusal throws an Error whose text is for the person. */
const request = async (method, path, body) => {
  let response
  try {
    response = await fetch(path, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    })
  } catch {
    throw new Error('The sandbox does not answer. Is it still running?')
  }
  const text = await response.text()
  const answer = read(text)
  if (response.ok) return answer
  if (response.status === 504) throw new Error(reason(answer) ?? 'The application did not respond')
  throw new Error(reason(answer) ?? `The sandbox answered ${response.status}`)
}

const read = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const reason = (answer) => answer?.reason ?? answer?.message ?? answer?.error

export const api = {
  server: (user) => request('GET', `/sandbox/page/server?user=${encodeURIComponent(user)}`),
  messages: (query) => request('GET', `/sandbox/page/messages?${new URLSearchParams(query)}`),
  posts: (channel, user) => request('GET', `/sandbox/page/posts?channel=${channel}&${as(user)}`),
  say: (channel, body) => request('POST', `/sandbox/channels/${channel}/messages`, body),
  edit: ({ channel_id, id }, body) => request('PATCH', `/sandbox/channels/${channel_id}/messages/${id}`, body),
  remove: ({ channel_id, id }, user) => request('DELETE', `/sandbox/channels/${channel_id}/messages/${id}?${as(user)}`),
  react: ({ channel_id, id }, emoji, on, user) =>
    request(
      on ? 'PUT' : 'DELETE',
      `/sandbox/channels/${channel_id}/messages/${id}/reactions/${encodeURIComponent(emoji)}?${as(user)}`,
    ),
  typing: (channel, user) => request('POST', `/sandbox/channels/${channel}/typing`, { user }),
  thread: (body) => request('POST', '/sandbox/threads', body),
  command: (body) => request('POST', '/sandbox/commands', body),
  choices: (body) => request('POST', '/sandbox/autocomplete', body),
  component: (body) => request('POST', '/sandbox/components', body),
  modal: (body) => request('POST', '/sandbox/modals', body),
}

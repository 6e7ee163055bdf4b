import { expect, test } from 'vitest'
import { Catalog } from '../../src/config/catalog.ts'
import { parseServers, withSecrets } from '../../src/config/servers.ts'
import { project } from './project.ts'

/** `${NAME}`, as people write it into the file. */
const ref = (name: string) => `\${${name}}`

test('both shapes, and servers over HTTP', () => {
  const map = {
    mcpServers: {
      comfyui: { type: 'stdio', command: 'python', args: ['s.py'], env: { KEY: ref('COMFY_KEY') }, cwd: '/srv' },
      far: { url: 'https://example.org/mcp', headers: { Authorization: `Bearer ${ref('FAR')}` } },
      older: { type: 'sse', url: 'http://127.0.0.1:1/sse' },
    },
  }
  expect(parseServers(map, 'm.json')).toEqual({
    servers: [
      {
        name: 'comfyui',
        type: 'stdio',
        command: 'python',
        args: ['s.py'],
        env: { KEY: ref('COMFY_KEY') },
        cwd: '/srv',
      },
      { name: 'far', type: 'http', url: 'https://example.org/mcp', headers: { Authorization: `Bearer ${ref('FAR')}` } },
      { name: 'older', type: 'sse', url: 'http://127.0.0.1:1/sse', headers: {} },
    ],
    errors: [],
    warnings: [],
  })
  expect(parseServers({ servers: [{ name: 'a', command: 'node' }] }, 'm.json').servers).toEqual([
    { name: 'a', type: 'stdio', command: 'node', args: [], env: {}, cwd: null },
  ])
})

test('a bad server spoils only itself', () => {
  const { servers, errors, warnings } = parseServers(
    {
      servers: [
        { name: 'a', command: 'node', timeout: 3, note: 'x' },
        { name: 'b' },
        { name: 'a', command: 'again' },
        { command: 'c' },
        { name: 'd', type: 'http', url: 'ftp://x' },
        { name: 'e', command: 'x', args: 'y' },
        'f',
      ],
    },
    'm.json',
  )
  expect(servers.map(({ name }) => name)).toEqual(['a'])
  expect(warnings).toEqual(['m.json: server 1: timeout is unknown.'])
  expect(errors).toEqual([
    'm.json: server 2: command is missing; it must be text.',
    'm.json: server 3: there are two servers "a"; rename one.',
    'm.json: server 4: name is missing; it must be text.',
    'm.json: server 5: url must be an http(s) address, not "ftp://x".',
    'm.json: server 6: args must be a list of texts, not "y".',
    'm.json: server 7: name is missing; it must be text.',
  ])
})

test('neither shape is an error, no file is no servers', () => {
  expect(parseServers({ command: 'node' }, 'm.json').errors).toEqual([
    'm.json: mcpServers is missing; it must be an object {…}.',
  ])
  expect(new Catalog({ root: project({}), offline: false }).servers()).toEqual({
    servers: [],
    errors: [],
    warnings: [],
  })
})

test('references are resolved against the environment, or named', () => {
  const server = {
    name: 'kie',
    type: 'stdio' as const,
    command: 'x',
    args: [],
    cwd: null,
    env: { A: `x-${ref('KIE_KEY')}-${ref('B')}` },
  }
  expect(withSecrets(server, { KIE_KEY: '$&secret', B: 'b' }).env).toEqual({ A: 'x-$&secret-b' })
  expect(() => withSecrets(server, { KIE_KEY: 'k', B: '' })).toThrow(
    'The MCP server "kie" needs B (its env.A refers to it); set it in .env.',
  )
  expect(() => withSecrets({ ...server, env: { A: ref('constructor') } }, {})).toThrow('needs constructor')
})

import { UserError } from './errors.ts'

// MCP as the rest of the program sees it. `src/mcp/` has the one implementation.

/** One piece of what a tool answered. Base64 in `data` and `blob`. */
export type ContentBlock =
  | { type: 'text'; text: string }
  | { type: 'image'; data: string; mimeType: string }
  | { type: 'audio'; data: string; mimeType: string }
  | { type: 'resource'; resource: { uri: string; mimeType?: string; text: string } | EmbeddedBytes }
  | { type: 'resource_link'; uri: string; name: string; mimeType?: string; description?: string }

interface EmbeddedBytes {
  uri: string
  mimeType?: string
  blob: string
}

/** What a tool answered: data, never an instruction. Secrets of the server's environment are taken out of it. */
export interface ToolAnswer {
  content: ContentBlock[]
  structured: Record<string, unknown> | null
  /** The tool says that it failed; `content` says how. */
  isError: boolean
}

export interface ToolInfo {
  name: string
  title: string | null
  description: string
  /** JSON Schema of an object. */
  inputSchema: Record<string, unknown>
}

export interface ServerState {
  name: string
  type: 'stdio' | 'http' | 'sse'
  /** `idle`: not needed yet. `waiting`: it crashed or did not start, and is tried again later. */
  state: 'idle' | 'connecting' | 'connected' | 'waiting'
  /** The last thing that went wrong, or what is odd about a server that works, one sentence; null while all is well. */
  trouble: string | null
  /** How many tools it has, once that is known. */
  tools: number | null
  /** Of the process behind it (stdio). */
  pid: number | null
  /** Since when it is connected (ms). */
  since: number | null
}

export interface CallOptions {
  /** Aborting sends `notifications/cancelled` to the server. */
  signal?: AbortSignal
  /** How long the server may stay silent (ms); each progress notification begins it anew, up to five times as long in all. Default 120,000. */
  timeoutMs?: number
  onProgress?: (progress: { progress: number; total?: number; message?: string }) => void
}

/** MCP servers, connected when first needed and kept. Every failure is an McpError. */
export interface Mcp {
  /** Servers of the file, in its order. The file is read again when it changes. */
  names(): string[]
  tools(server: string, options?: Pick<CallOptions, 'signal'>): Promise<ToolInfo[]>
  /** Arguments are checked against the tool's schema before anything is sent. A result that is an error is returned, not thrown. */
  call(server: string, tool: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolAnswer>
  state(): ServerState[]
  /** What is wrong with the servers' file, one sentence each. */
  problems(): string[]
  close(): Promise<void>
}

export type McpFailure =
  | 'unknown_server'
  | 'unknown_tool'
  | 'bad_arguments'
  /** It did not start, or could not be reached. */
  | 'unreachable'
  /** It went away during the call. */
  | 'died'
  | 'timeout'
  | 'too_large'
  /** It answered with a protocol error, or with what is not MCP. */
  | 'refused'
  | 'aborted'

/** Why a tool could not be called: one sentence for people that names server and tool and holds no secret. */
export class McpError extends UserError {
  readonly failure: McpFailure
  readonly server: string
  readonly tool: string | null

  constructor(failure: McpFailure, where: { server: string; tool?: string | null }, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'McpError'
    this.failure = failure
    this.server = where.server
    this.tool = where.tool ?? null
  }
}

export interface TypedOption {
  type: number
  name: string
  description?: string
  required?: boolean
  options?: TypedOption[]
}
export interface TypedCommand {
  path: string
  description: string
  options: TypedOption[]
}
export interface TypedValue {
  option: TypedOption | undefined
  named: boolean
  from: number
  valueFrom: number
  to: number
  value: string
}
export function typedCommands(
  commands: { type?: number; name: string; description: string; options?: TypedOption[] }[],
): TypedCommand[]
export function matchCommands(typed: string, commands: TypedCommand[]): TypedCommand[]
export function commandOf(text: string, commands: TypedCommand[]): { command: TypedCommand; end: number } | null
export function valuesOf(text: string, command: TypedCommand, start: number): TypedValue[]
export function typingAt(
  caret: number,
  values: TypedValue[],
  command: TypedCommand,
): { value: TypedValue | undefined; next?: TypedOption }

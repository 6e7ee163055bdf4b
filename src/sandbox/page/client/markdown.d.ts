/** A node of the tree; see markdown.js for the kinds. */
export interface MarkdownNode {
  type: string
  text?: string
  source?: string
  open?: string
  close?: string
  children?: MarkdownNode[]
  level?: number
  lang?: string
  url?: string
  id?: string
  name?: string
  ordered?: boolean
  start?: number
  seconds?: number
  style?: string
}
export const PLACES: Record<string, string>
export function parse(text: string): MarkdownNode[]
export function sourceOf(nodes: MarkdownNode[]): string
export function plainText(nodes: MarkdownNode[]): string

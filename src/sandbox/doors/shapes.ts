/** What the doors take; what is wrong is answered with 400 and a reason. */
import * as z from 'zod'
import { GATEWAY_KINDS, HTTP_KINDS, WORLD_KINDS } from '../core/faults.ts'
import { PERMISSIONS } from '../core/permissions.ts'

const user = z.string().default('ada')
export const filesShape = z.array(
  z.object({ name: z.string().min(1), base64: z.base64(), content_type: z.string().optional() }),
)
const files = filesShape.default([])

export const commandShape = z.object({
  text: z.string().min(1),
  channel: z.string(),
  user,
  target: z.string().optional(),
  attachments: files,
})

export const autocompleteShape = z.object({ text: z.string(), channel: z.string(), user })

export const componentShape = z.object({
  message_id: z.string(),
  custom_id: z.string(),
  values: z.array(z.string()).optional(),
  user,
})

export const modalShape = z.object({
  custom_id: z.string(),
  fields: z.record(z.string(), z.unknown()).default({}),
  user,
})

export const speechShape = z.object({
  content: z.string().default(''),
  user,
  reply_to: z.string().optional(),
  attachments: files,
})

export const editShape = z.object({ content: z.string(), user })

export const typingShape = z.object({ user })

export const threadShape = z.object({
  channel: z.string(),
  name: z.string().min(1).max(100),
  content: z.string().default(''),
  user,
  message_id: z.string().optional(),
  tags: z.array(z.string()).max(5).optional(),
  attachments: files,
})

const faultFields = z
  .strictObject({
    route: z.string().default('*'),
    kind: z.enum([...HTTP_KINDS, ...GATEWAY_KINDS, ...WORLD_KINDS]),
    count: z.int().positive().optional(),
    probability: z.number().min(0).max(1).optional(),
    seed: z.int().optional(),
    status: z.int().min(400).max(599).optional(),
    scope: z.enum(['user', 'global', 'shared']).optional(),
    ms: z.number().min(0).optional(),
    retry_after: z.number().min(0).optional(),
    resumable: z.boolean().optional(),
    target: z.string().optional(),
    permission: z
      .string()
      .refine((name) => Object.hasOwn(PERMISSIONS, name.toLowerCase()), `One of ${Object.keys(PERMISSIONS).join(', ')}`)
      .optional(),
  })
  .superRefine((fault, context) => {
    const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    for (const [field, kinds] of Object.entries(ONLY_FOR)) {
      const given = fault[field as keyof typeof ONLY_FOR] !== undefined
      if (given && !kinds.includes(fault.kind)) complain(field, `A fault of kind ${fault.kind} has no ${field}`)
    }
    if (fault.kind === 'delay' && fault.ms === undefined) complain('ms', 'A delay needs its milliseconds')
    if (fault.scope && fault.status !== 429) complain('scope', 'Only a status of 429 has a scope')
  })

/** Fields that only some kinds of fault have: what is meant for another would be armed and never be seen. */
const ONLY_FOR: Record<'status' | 'scope' | 'retry_after' | 'ms' | 'resumable' | 'target' | 'permission', string[]> = {
  status: ['status', 'cloudflare'],
  scope: ['status'],
  retry_after: ['status'],
  ms: ['delay', 'silence', 'out_of_order', 'late_ready'],
  resumable: ['invalid_session'],
  target: WORLD_KINDS.filter((kind) => kind !== 'token_revoked' && kind !== 'membership_withdrawn'),
  permission: ['permission_withdrawn', 'permission_granted'],
}

/** A bare status (`"503"`, 503) is kind `status`; dashes may stand for underscores. */
const fault = z.preprocess((given) => {
  const { kind } = (given ?? {}) as { kind?: unknown }
  if (/^[45]\d\d$/.test(String(kind))) return { ...(given as object), kind: 'status', status: Number(kind) }
  return typeof kind === 'string' ? { ...(given as object), kind: kind.replaceAll('-', '_') } : given
}, faultFields)

export const faultsShape = z.strictObject({ faults: z.array(fault).min(1) })

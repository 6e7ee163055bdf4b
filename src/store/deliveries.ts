import type { Kysely, Selectable } from 'kysely'
import { ASIDE, type Delivery, type NewDelivery, rankOf } from '../core/delivery.ts'
import type { DeliveryStore } from '../core/store.ts'
import { newDeliveryId } from './ids.ts'
import type { DeliveriesTable, Schema } from './schema.ts'
import type { Writer } from './writer.ts'

export function deliveryStore(db: Kysely<Schema>, writer: Writer): DeliveryStore {
  return {
    enqueue: (deliveries) => writer.write((trx) => insertDeliveries(trx, deliveries, null)),

    async owed(lane, limit) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('lane', '=', lane)
        .where('done_at', 'is', null)
        // One that was tried may be there already: it is looked for after what is acknowledged, so nothing may be sent before that is known.
        .orderBy((e) => e('attempted_at', 'is', null))
        .orderBy('rank')
        .orderBy('seq')
        .limit(limit)
        .execute()
      return rows.map(readDelivery)
    },

    async lanesOwing() {
      const rows = await db.selectFrom('deliveries').select('lane').distinct().where('done_at', 'is', null).execute()
      return rows.map((row) => row.lane)
    },

    async turnsBehind(runId) {
      const row = await db
        .selectFrom('deliveries')
        .select((e) => e.fn.count<number>('turn_index').distinct().as('turns'))
        .where('lane', '=', `run:${runId}`)
        .where('done_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(row.turns)
    },

    async attempted(id, at) {
      await writer.write((trx) =>
        trx.updateTable('deliveries').set({ attempted_at: at }).where('id', '=', id).execute(),
      )
    },

    async acknowledged(id, messageId) {
      await writer.write((trx) =>
        trx
          .updateTable('deliveries')
          .set({ message_id: messageId, done_at: Date.now() })
          .where('id', '=', id)
          .where('done_at', 'is', null)
          .execute(),
      )
    },

    async lost(id, reason) {
      await writer.write((trx) =>
        trx
          .updateTable('deliveries')
          .set({ lost: reason, done_at: Date.now() })
          .where('id', '=', id)
          .where('done_at', 'is', null)
          .execute(),
      )
    },

    async loseLane(lane, reason) {
      await writer.write((trx) =>
        trx
          .updateTable('deliveries')
          .set({ lost: reason, done_at: Date.now() })
          .where('lane', '=', lane)
          .where('done_at', 'is', null)
          .execute(),
      )
    },

    async delivered(runId) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('run_id', '=', runId)
        .where('message_id', 'is not', null)
        .orderBy('seq')
        .execute()
      return rows.map(readDelivery)
    },

    async deliveryOfMessage(messageId) {
      const row = await db.selectFrom('deliveries').selectAll().where('message_id', '=', messageId).executeTakeFirst()
      return row ? readDelivery(row) : null
    },
  }
}

export async function insertDeliveries(
  trx: Kysely<Schema>,
  wanted: NewDelivery[],
  turnIndex: number | null,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = []
  for (const { body, message_id = null, aside = false, ...rest } of wanted) {
    const row = {
      ...rest,
      id: newDeliveryId(),
      turn_index: body.kind === 'turn' ? body.turn_index : turnIndex,
      body: JSON.stringify(body),
      rank: rankOf({ body, aside }),
      attempted_at: null,
      message_id,
      done_at: message_id === null ? null : Date.now(),
      lost: null,
      created_at: Date.now(),
    }
    const { seq } = await trx.insertInto('deliveries').values(row).returning('seq').executeTakeFirstOrThrow()
    deliveries.push(readDelivery({ ...row, seq }))
  }
  return deliveries
}

function readDelivery({ turn_index: _, rank, body, ...row }: Selectable<DeliveriesTable>): Delivery {
  return { ...row, body: JSON.parse(body), aside: rank === ASIDE }
}

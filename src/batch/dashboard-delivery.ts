import type { Batch } from '../core/batches.ts'
import { channelLane, type NewDelivery } from '../core/delivery.ts'

/** How a dashboard's first delivery looks; it goes to the channel. */
export const dashboardDelivery = (batch: Pick<Batch, 'id' | 'guild_id' | 'channel_id'>): NewDelivery[] =>
  batch.channel_id === null
    ? []
    : [
        {
          lane: channelLane(batch.channel_id),
          run_id: null,
          guild_id: batch.guild_id,
          body: { kind: 'dashboard', batch_id: batch.id },
        },
      ]

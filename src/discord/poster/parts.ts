import type { Bus } from '../../core/bus.ts'
import type { Delivery, DeliveryBody } from '../../core/delivery.ts'
import type { Run } from '../../core/run.ts'
import type { Store } from '../../core/store.ts'
import type { Log } from '../../engine/ports.ts'
import type { Dashboards } from '../dashboard.ts'
import type { Panels } from '../panel.ts'
import type { Previews } from '../preview.ts'
import type { Api } from './api.ts'
import type { Place, Places } from './places.ts'
import type { Settled } from './settled.ts'
import type { Voice } from './voice.ts'

/** What a delivery is made with. */
export interface DeliverParts {
  api: Api
  store: Store
  bus: Bus
  log: Log
  places: Places
  panels: Panels
  dashboards: Dashboards
  previews: Previews
  settled: Settled
  voice: (place: Place, lane: string) => Promise<Voice>
  release: (lane: string) => Promise<void>
  botUserId: string
  dataDir: string
}

/** Does what a delivery says, unless it is done already, and resolves to its message's id (null: it makes none). */
export type Deliver = (delivery: Delivery, run: Run | null) => Promise<string | null>

type Kind = DeliveryBody['kind']
export type Of<K extends Kind> = Delivery & { body: Extract<DeliveryBody, { kind: K }> }

import { errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { Clock } from '../rx/clock.js';
import type { EventBus } from './event-publisher.js';
import type { FleetView } from './fleet-view.js';
import type { Told } from './wire.js';

interface OrphanOptions {
  readonly fleet: FleetView;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Tells of cameras that no machine holds, since those that did cannot: that they are away, and that they are removed.
 * All gateways look; the bus takes the word of the first only, as the others then are late.
 */
export class OrphanWatch {
  readonly #options: OrphanOptions;
  readonly #telling = new Set<string>();
  #cancelLook: () => void = () => undefined;

  constructor(options: OrphanOptions) {
    this.#options = options;
  }

  start(): void {
    const { fleet, clock } = this.#options;
    for (const camera of fleet.orphaned()) {
      const state = fleet.state(camera);
      const told = fleet.told(camera);
      // A holder that comes back tells its own state, in which attempts are counted.
      const isKnown = told?.lastEnd?.message === state?.lastEnd?.message && told?.status === state?.status;
      if (state && !isKnown) void this.#tell(camera, { type: 'state', state });
    }
    for (const camera of fleet.removed()) void this.#tell(camera, { type: 'removed', source: camera });
    this.#cancelLook = clock.after(LOOK_EVERY_MS, () => this.start());
  }

  close(): void {
    this.#cancelLook();
  }

  async #tell(camera: string, event: Told): Promise<void> {
    if (this.#telling.has(camera)) return;
    this.#telling.add(camera);
    const { bus, logger } = this.#options;
    try {
      const after = await bus.newest(camera);
      await bus.append(camera, event, { id: `${camera}.${event.type}.after.${after}`, after });
    } catch (error) {
      logger.debug(`camera ${camera}: not told that it has no machine (${errorWords(error)})`, { camera });
    } finally {
      this.#telling.delete(camera);
    }
  }
}

import { errorWords } from '../domain/errors.js';
import type { Logger } from '../domain/logger.js';
import type { Clock } from '../rx/clock.js';
import { isOrphaned } from './camera-states.js';
import type { EventBus } from './event-publisher.js';
import type { FleetView } from './fleet-view.js';
import type { Told } from './wire.js';

interface OrphanOptions {
  readonly fleet: FleetView;
  readonly bus: EventBus;
  /** Number of the newest event that is known here. */
  readonly heard: () => number;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
}

const LOOK_EVERY_MS = 1_000;

/**
 * Tells of cameras that no machine holds, since those that did cannot: that they are away, and that they are removed. Also
 * that one is held after all: its machine, which was only out of hearing, does not know that it was missed.
 * All gateways look, and the first tells: the bus takes no word that does not follow from what is told already.
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
    for (const state of fleet.states()) {
      if (isOrphaned(state) !== isOrphaned(fleet.told(state.id))) void this.#tell(state.id, { type: 'state', state });
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
    const { bus, heard, logger } = this.#options;
    try {
      const after = await bus.newest(camera);
      if (after > heard()) return; // what this follows from is old news
      await bus.append(camera, event, { id: `${camera}.${event.type}.after.${after}`, after });
    } catch (error) {
      logger.debug(`camera ${camera}: not told that it has no machine (${errorWords(error)})`, { camera });
    } finally {
      this.#telling.delete(camera);
    }
  }
}

import { randomUUID } from 'node:crypto';
import type { Logger } from '../domain/logger.js';
import { micros } from '../domain/units.js';
import type { Clock } from '../rx/clock.js';
import { type Bus, isConflict } from './connection.js';
import { pastEvents } from './event-stream.js';
import { withoutPicture } from './evidence.js';
import { packTold, type Told } from './wire.js';

/** The bus as a publisher uses it. */
export interface EventBus {
  /** Appends if the camera's newest event is still this one; 0: none. @returns its number. Rejects with a conflict, or when the bus is away. */
  append(camera: string, event: Told, options: { readonly id: string; readonly after: number }): Promise<number>;
  /** Number of the camera's newest event; 0 where none is kept. */
  newest(camera: string): Promise<number>;
  isConflict(error: unknown): boolean;
}

export interface PublisherOptions {
  readonly camera: string;
  readonly bus: EventBus;
  /** What is to be told first, and the number of the newest event that it follows from; asked again if another came since. */
  readonly begin: () => Promise<Beginning>;
  /** Whether this node still holds the camera, for sure; rejects when that cannot be known now. */
  readonly isMine: () => Promise<boolean>;
  readonly clock: Pick<Clock, 'after'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** What a holder tells before its own events. */
export interface Beginning {
  readonly after: number;
  readonly events: readonly Told[];
}

/** Most events of a camera that wait while the bus is away. */
const MAX_WAITING = 2_000;
const RETRY_MS = 250;

/**
 * Tells the events of one camera to the bus, in order, each once, none lost while the bus is away: an event is appended
 * only after the one before, and only if nobody else has appended since. So a holder that lost its camera without
 * knowing can tell nothing any more.
 */
export class EventPublisher {
  readonly #options: PublisherOptions;
  /** The bus knows events again by their ids: those of this camera are other ones each time it is held. */
  readonly #holding = randomUUID();
  readonly #waiting: { readonly event: Told; readonly id: string }[] = [];
  /** An event of its own was taken. */
  #begun = false;
  #first: { readonly event: Told; readonly id: string }[] = [];
  #after: number | undefined;
  #ordinal = 0;
  #sending: Promise<void> | undefined;
  #cancelPause: () => void = () => undefined;
  #fenced = false;
  #dropped = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** True once another holder told something: nothing is told any more. */
  get fenced(): boolean {
    return this.#fenced;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  tell(event: Told): void {
    if (this.#fenced) return;
    const { camera, logger } = this.#options;
    this.#ordinal += 1;
    this.#waiting.push({ event, id: `${this.#holding}.${this.#ordinal}` });
    if (this.#waiting.length > MAX_WAITING) {
      this.#waiting.shift();
      this.#dropped += 1;
      if (this.#dropped === 1)
        logger.warn(`camera ${camera}: the bus is away too long; oldest events are lost`, { camera });
    }
    this.#sending ??= this.#send();
  }

  /** Waits until what was told is taken; what is not within `patienceMs` is given up. */
  async close(patienceMs: number): Promise<void> {
    let cancel: () => void = () => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(patienceMs, resolve);
    });
    await Promise.race([this.#sending, patience]);
    cancel();
    this.#end();
  }

  #end(): void {
    this.#fenced = true;
    this.#waiting.length = 0;
    this.#cancelPause();
  }

  async #send(): Promise<void> {
    const { bus, camera } = this.#options;
    while (!this.#fenced) {
      try {
        if (this.#after === undefined) await this.#find();
        const [queue, next] = this.#first[0] ? [this.#first, this.#first[0]] : [this.#waiting, this.#waiting[0]];
        if (!next) break;
        this.#after = await bus.append(camera, next.event, { id: next.id, after: this.#after! });
        this.#begun = true;
        // Not another one: what waits longest may have been dropped meanwhile.
        if (queue[0] === next) queue.shift();
      } catch (error) {
        const explained = bus.isConflict(error) && (await this.#refused());
        if (!explained) await this.#pause();
      }
    }
    this.#sending = undefined; // at once: what is told from now on needs another turn
  }

  /** Where the camera's events end now; before the first own one with what follows from them. */
  async #find(): Promise<void> {
    const { bus, camera, begin } = this.#options;
    if (this.#begun) {
      this.#after = await bus.newest(camera);
      return;
    }
    const { after, events } = await begin();
    this.#first = events.map((event, at) => ({ event, id: `${this.#holding}.first.${after}.${at}` }));
    this.#after = after;
  }

  /** Somebody else was first, or the bus has forgotten the camera's newest event. @returns whether it is known which */
  async #refused(): Promise<boolean> {
    const { isMine, camera, logger } = this.#options;
    const mine = await isMine().catch(() => null);
    if (mine) this.#after = undefined;
    if (mine !== false || this.#fenced) return mine !== null;
    logger.warn(`camera ${camera}: another machine tells of it now; ${this.#waiting.length} events are not told`, {
      camera,
    });
    this.#end();
    return true;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(RETRY_MS, resolve);
      this.#cancelPause = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** The bus for publishers. */
export function eventBus({ jetstream, manager, names }: Bus): EventBus {
  return {
    async append(camera, event, { id, after }) {
      const expect = { lastSubjectSequence: after };
      const { seq } = await jetstream.publish(names.events(camera), packTold(withoutPicture(event)), {
        msgID: id,
        expect,
        timeout: 2_000,
      });
      return seq;
    },
    async newest(camera) {
      const last = await manager.streams.getMessage(names.eventStream, { last_by_subj: names.events(camera) });
      return last?.seq ?? 0;
    },
    isConflict,
  };
}

/**
 * What the next holder of a camera tells first. Where the one before went without a word: ends of what went on, as far as
 * the stream remembers; episodes end where they were last known to be strongest, firings when the camera fell silent.
 */
export async function beginningOf(bus: Bus, camera: string, abandoned: boolean): Promise<Beginning> {
  if (!abandoned) return { after: await eventBus(bus).newest(camera), events: [] };
  const past = await pastEvents(bus, camera);
  const told = past.flatMap(({ event }) => event ?? []);
  return { after: past.at(-1)?.seq ?? 0, events: endsOf(told, Date.now()) };
}

/** @param past - events of one camera, oldest first */
export function endsOf(past: readonly Told[], wallTimeMs: number): Told[] {
  const open = new Map<string, Told>();
  for (const event of past) {
    if (event.type === 'removed') open.clear();
    if (event.type === 'episode') {
      if (event.episode.phase === 'end') open.delete(event.episode.id);
      else open.set(event.episode.id, event);
    }
    if (event.type === 'rule') {
      if (event.firing.phase === 'end') open.delete(event.firing.id);
      else open.set(event.firing.id, event);
    }
  }
  return [...open.values()].map((event) => endOf(event, wallTimeMs));
}

function endOf(event: Told, wallTimeMs: number): Told {
  if (event.type === 'episode') {
    const { onsetUs, apexUs } = event.episode;
    const offsetUs = micros(Math.max(onsetUs, apexUs));
    return { ...event, wallTimeMs, episode: { ...event.episode, phase: 'end', offsetUs, endReason: 'source-end' } };
  }
  if (event.type !== 'rule') return event;
  const { firing } = event;
  const at = new Date(event.wallTimeMs).toISOString();
  return {
    ...event,
    wallTimeMs,
    firing: { ...firing, phase: 'end', endedUs: firing.firedUs, at, endReason: 'silent' },
  };
}

import { Observable, Subject, share } from 'rxjs';
import type { LiveEvent, Preview } from '../domain/live.js';
import type { FacesWanted } from '../live/live-system.js';
import type { PreviewOptions } from '../live/preview-hub.js';
import type { Clock } from '../rx/clock.js';
import { unpackPicture } from './camera-requests.js';
import type { Bus } from './connection.js';
import { choiceOf, type PreviewWant, packWants, WANTS_EVERY_MS } from './wants.js';
import { unpackFaces } from './wire.js';

type Faces = Extract<LiveEvent, { type: 'faces' }>;

/** Frames and pictures for the clients of a gateway: asked of the nodes while a client wants them, and not else. */
export class WantedFeeds {
  readonly #bus: Bus;
  readonly #gateway: string;
  readonly #clock: Clock;
  readonly #faces = new Subject<Faces>();
  /** Subscriptions to frames, by subject. */
  readonly #subjects = new Map<string, { unsubscribe(): void }>();
  readonly #previews = new Map<string, { readonly want: PreviewWant; readonly feed: Observable<Preview> }>();
  #wanted: FacesWanted = { faces: new Set(), landmarks: new Set() };
  #cancelTell: () => void = () => undefined;

  constructor(bus: Bus, { gateway, clock }: { readonly gateway: string; readonly clock: Clock }) {
    this.#bus = bus;
    this.#gateway = gateway;
    this.#clock = clock;
    this.#tellAgain();
  }

  get faces(): Observable<Faces> {
    return this.#faces;
  }

  want(wanted: FacesWanted): void {
    this.#wanted = wanted;
    const { connection, names } = this.#bus;
    const cameras = wanted.faces === '*' ? ['*'] : [...wanted.faces];
    const subjects = new Set(cameras.map((camera) => names.faces(camera)));
    for (const [subject, subscription] of this.#subjects) {
      if (subjects.has(subject)) continue;
      subscription.unsubscribe();
      this.#subjects.delete(subject);
    }
    for (const subject of subjects) {
      if (this.#subjects.has(subject)) continue;
      const callback = (error: Error | null, message: { readonly data: Uint8Array }): void => {
        const faces = error ? null : unpackFaces(message.data);
        if (faces) this.#faces.next(faces);
      };
      this.#subjects.set(subject, connection.subscribe(subject, { callback }));
    }
    this.#tell();
  }

  /** Pictures of a camera while subscribed. */
  previews(camera: string, options: PreviewOptions): Observable<Preview> {
    const want: PreviewWant = { camera, ...options };
    const subject = this.#bus.names.preview(camera, choiceOf(options));
    const known = this.#previews.get(subject);
    if (known) return known.feed;
    const feed = new Observable<Preview>((subscriber) => {
      this.#previews.set(subject, { want, feed });
      this.#tell();
      const subscription = this.#bus.connection.subscribe(subject, {
        callback: (error, message) => {
          const picture = error ? null : unpackPicture(message.data);
          if (picture) subscriber.next(picture);
        },
      });
      return () => {
        subscription.unsubscribe();
        this.#previews.delete(subject);
      };
    }).pipe(share());
    return feed;
  }

  close(): void {
    this.#cancelTell();
    for (const subscription of this.#subjects.values()) subscription.unsubscribe();
    this.#faces.complete();
  }

  #tell(): void {
    const { connection, names } = this.#bus;
    if (!this.#bus.connected) return;
    const previews = [...this.#previews.values()].map(({ want }) => want);
    connection.publish(names.wants, packWants(this.#gateway, this.#wanted, previews));
  }

  #tellAgain(): void {
    this.#tell();
    this.#cancelTell = this.#clock.after(WANTS_EVERY_MS, () => this.#tellAgain());
  }
}

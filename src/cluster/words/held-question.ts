import type { JsMsg } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { BusQuestion } from './question.js';
import { encodeReply } from './reply.js';
import type { WordsSubjects } from './subjects.js';

/** Pause before a question that a node gave back is given out again. */
const HAND_BACK_MS = 250;

type Reply = Parameters<typeof encodeReply>[0];
type WithoutDelivery<R> = R extends Reply ? Omit<R, 'delivery'> : never;

/** A question that a words node has taken from the bus and not let go of yet. */
export class HeldQuestion {
  readonly #message: JsMsg;
  readonly #tell: (body: Uint8Array) => void;
  readonly #givenUp = new AbortController();

  constructor(
    message: JsMsg,
    asker: Pick<BusQuestion, 'id' | 'inbox'>,
    bus: { readonly connection: NatsConnection; readonly subjects: WordsSubjects },
  ) {
    this.#message = message;
    const subject = bus.subjects.reply(asker.inbox, asker.id);
    this.#tell = (body) => bus.connection.publish(subject, body);
  }

  /** Aborted when nobody waits for its answer any more. */
  get givenUp(): AbortSignal {
    return this.#givenUp.signal;
  }

  giveUp(): void {
    this.#givenUp.abort();
  }

  /** How often it was given to a node, this time included. */
  get delivery(): number {
    return this.#message.info.deliveryCount;
  }

  tell(reply: WithoutDelivery<Reply>): void {
    this.#tell(encodeReply({ ...reply, delivery: this.delivery }));
  }

  /** Keeps it a while longer: the broker gives it to another node when this one falls silent. */
  keep(): void {
    this.#message.working();
  }

  /** Done with it: the broker forgets it. */
  done(): void {
    this.#message.ack();
  }

  /** Another node shall have it, or this one again. */
  handBack(): void {
    this.tell({ kind: 'handed-back' });
    this.#message.nak(HAND_BACK_MS);
  }
}

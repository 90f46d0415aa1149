import {
  AckPolicy,
  type Consumer,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type NatsConnection, nanos } from '@nats-io/transport-node';
import type { WordsSubjects } from './subjects.js';

/** Times a question is given to a node, so that one that kills its nodes does not kill them all. */
export const MOST_DELIVERIES = 4;
/** Questions that all nodes together have, at most. */
const MOST_TAKEN = 4096;
/** Memory of the broker for questions that wait: some thousand with a picture each. The oldest go first. */
const MOST_BYTES = 64 * 1024 * 1024;
/** What JetStream says where there is a stream of this name, of other settings. */
const NAME_IN_USE = 10058;
/** The consumer that all words nodes share: each question is given to one of them. */
const CONSUMER = 'words';

/** How long questions wait. */
export interface QuestionTimes {
  /** Age at which the broker forgets a question. */
  readonly lifeMs: number;
  /** Silence of a node after which its questions are given to another. */
  readonly silenceMs: number;
}

/**
 * The questions of a site, made by the words nodes: the newest of each line, in memory alone, since they hold pictures
 * of faces. Idempotent; a broker that was restarted has none until it is asked for again.
 */
export async function openQuestions(
  connection: NatsConnection,
  subjects: WordsSubjects,
  { lifeMs, silenceMs }: QuestionTimes,
): Promise<Consumer> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await ensureStream(manager, {
    name: subjects.stream,
    subjects: [subjects.questions],
    retention: RetentionPolicy.Workqueue,
    storage: StorageType.Memory,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    max_bytes: MOST_BYTES,
    max_age: nanos(lifeMs),
    duplicate_window: nanos(Math.min(lifeMs, 1000)),
  });
  await manager.consumers.add(subjects.stream, {
    durable_name: CONSUMER,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(silenceMs),
    max_ack_pending: MOST_TAKEN,
    max_deliver: MOST_DELIVERIES,
  });
  return jetstream(connection).consumers.get(subjects.stream, CONSUMER);
}

/** Where nodes are configured differently, the last one counts. */
async function ensureStream(
  { streams }: JetStreamManager,
  config: Partial<StreamConfig> & { name: string },
): Promise<void> {
  try {
    await streams.add(config);
  } catch (error) {
    const other = error instanceof JetStreamApiError && error.code === NAME_IN_USE;
    if (!other) throw error;
    await streams.update(config.name, config);
  }
}

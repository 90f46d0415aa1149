import { randomUUID } from 'node:crypto';
import type { Msg } from '@nats-io/transport-node';
import { AffectError, ERRORS, type ErrorCode } from '../domain/errors.js';
import type { LiveInsight, Preview } from '../domain/live.js';
import type { FaceRecord } from '../domain/records.js';
import type { LiveCameras } from '../live/live-cameras.js';
import type { FaceQuestion } from '../mllm/keyframe-sink.js';
import type { Bus } from './connection.js';
import { pack, packRecords, packTold, unpack, unpackRecords, unpackTold } from './wire.js';

/** What a gateway asks of the node that holds a camera. */
type CameraRequest =
  | { readonly do: 'faces' }
  | { readonly do: 'snapshot'; readonly blurFaces: boolean }
  /** `id` is of this question alone; a node of before does not read it. */
  | { readonly do: 'ask'; readonly id: string; readonly track: number; readonly question: string }
  /** Nobody waits for the answer to a question any more. Not answered. */
  | { readonly do: 'forget'; readonly id: string };

interface Refusal {
  readonly refused: { readonly code: string; readonly message: string };
}

type Answers = Pick<LiveCameras, 'latestFaces' | 'snapshot' | 'ask' | 'pushFrame'>;

/** Answers for one camera that this node holds. @returns what ends it */
export function answerRequests({ connection, names }: Bus, camera: string, cameras: Answers): () => void {
  const asked = new Map<string, AbortController>();
  const requests = connection.subscribe(names.requests(camera), {
    callback: (error, message) => {
      if (!error) void reply(message, { camera, cameras, asked });
    },
  });
  const pictures = connection.subscribe(names.pictures(camera), {
    callback: (error, message) => {
      if (error) return;
      try {
        cameras.pushFrame(camera, message.data);
      } catch {
        // Not a camera that takes pictures any more; the gateway has said so to whom sends them.
      }
    },
  });
  return () => {
    requests.unsubscribe();
    pictures.unsubscribe();
  };
}

/** What requests of one camera are answered with. */
interface Desk {
  readonly camera: string;
  readonly cameras: Answers;
  /** Questions that are being answered, by their id. */
  readonly asked: Map<string, AbortController>;
}

async function reply(message: Msg, desk: Desk): Promise<void> {
  const request = unpack<CameraRequest>(message.data)?.header;
  if (request?.do === 'forget') {
    desk.asked.get(request.id)?.abort();
    return;
  }
  try {
    message.respond(request ? await answer(request, desk) : refusal('USAGE', 'not a request of this version'));
  } catch (error) {
    const { code, message: words } = error instanceof AffectError ? error : { code: 'USAGE', message: String(error) };
    message.respond(refusal(code, words));
  }
}

const refusal = (code: string, message: string): Uint8Array => pack({ refused: { code, message } } satisfies Refusal);

async function answer(
  request: Exclude<CameraRequest, { readonly do: 'forget' }>,
  { camera, cameras, asked }: Desk,
): Promise<Uint8Array> {
  switch (request.do) {
    case 'faces':
      return packRecords({}, cameras.latestFaces(camera), true);
    case 'snapshot': {
      const picture = await cameras.snapshot(camera, { blurFaces: request.blurFaces });
      return packPicture(picture);
    }
    case 'ask': {
      const { id, track, question } = request;
      const open = new AbortController();
      asked.set(id, open);
      try {
        return packTold({ type: 'insight', ...(await cameras.ask(camera, { track, question, gone: open.signal })) });
      } finally {
        asked.delete(id);
      }
    }
  }
}

export function packPicture(picture: Preview | null): Uint8Array {
  if (!picture) return pack({ none: true });
  const { jpeg, ...about } = picture;
  return pack(about, jpeg);
}

export function unpackPicture(message: Uint8Array): Preview | null {
  const read = unpack<Omit<Preview, 'jpeg'> & { v: number; none?: true }>(message);
  if (!read || read.header.none) return null;
  const { source, ptsUs, widthPx, heightPx } = read.header;
  return { source, ptsUs, widthPx, heightPx, jpeg: read.body };
}

/** Asks the node that holds a camera. Methods throw what it throws, and `away()` when no node answers. */
export class CameraRequests {
  constructor(
    private readonly bus: Bus,
    private readonly options: { readonly askMs: number },
  ) {}

  async faces(camera: string): Promise<readonly FaceRecord[]> {
    const data = await this.#ask(camera, { do: 'faces' }, REQUEST_MS);
    return (data && unpackRecords(data)?.records) ?? [];
  }

  /** Null when no picture comes soon, or no node holds the camera. */
  async snapshot(camera: string, blurFaces: boolean): Promise<Preview | null> {
    const data = await this.#ask(camera, { do: 'snapshot', blurFaces }, REQUEST_MS);
    return data && unpackPicture(data);
  }

  async ask(camera: string, { track, question, gone }: Omit<FaceQuestion, 'source'>): Promise<LiveInsight> {
    const { connection, names } = this.bus;
    const id = randomUUID();
    const forget = (): void => connection.publish(names.requests(camera), pack({ do: 'forget', id }));
    gone?.addEventListener('abort', forget, { once: true });
    const data = await this.#ask(camera, { do: 'ask', id, track, question }, this.options.askMs).finally(() =>
      gone?.removeEventListener('abort', forget),
    );
    const told = data && unpackTold(data);
    if (told?.type !== 'insight') {
      throw new AffectError('ENGINE_UNAVAILABLE', `no machine reads camera ${camera} now; try again in some seconds`);
    }
    const { type: _, numbered: __, ...insight } = told;
    return insight;
  }

  push(camera: string, jpeg: Uint8Array): void {
    this.bus.connection.publish(this.bus.names.pictures(camera), jpeg);
  }

  /** Null when nobody answers. */
  async #ask(camera: string, request: CameraRequest, timeoutMs: number): Promise<Uint8Array | null> {
    const { connection, names } = this.bus;
    const data = await connection
      .request(names.requests(camera), pack(request), { timeout: timeoutMs })
      .then((message) => message.data)
      .catch(() => null);
    const refused = data && unpack<Partial<Refusal>>(data)?.header.refused;
    if (!refused) return data;
    const code = Object.hasOwn(ERRORS, refused.code) ? (refused.code as ErrorCode) : 'ENGINE_UNAVAILABLE';
    throw new AffectError(code, refused.message);
  }
}

/** Longer than a snapshot waits for the next frame. */
const REQUEST_MS = 4_000;

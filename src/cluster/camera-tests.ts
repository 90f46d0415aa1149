import type { CameraTest } from '../domain/camera-test.js';
import { AffectError, errorWords } from '../domain/errors.js';
import type { CameraConfig } from '../domain/live.js';
import type { LiveCameras } from '../live/live-cameras.js';
import type { Bus } from './connection.js';
import type { Seal } from './seal.js';
import { pack, unpack } from './wire.js';

/** A test takes as long as a source is given, and a little to get here. */
const TEST_MS = 20_000;
/** A test is for one of those that listen. */
const QUEUE = 'ingest';
const ABOUT = 'test';

type Answer = Omit<CameraTest, 'jpeg'> & { readonly refused?: string };

const NOBODY: CameraTest = {
  stream: null,
  firstPictureMs: null,
  fps: null,
  damaged: 0,
  end: { reason: 'unreachable', message: 'no machine that reads cameras is there to try it' },
  picture: 'none',
  jpeg: null,
};

/** Tries cameras for gateways, from where they would be read. @returns what ends it */
export function answerTests(
  { connection, names }: Bus,
  seal: Seal,
  cameras: Pick<LiveCameras, 'testCamera'>,
): () => void {
  const over = new AbortController();
  const subscription = connection.subscribe(names.tests, {
    queue: QUEUE,
    callback: (error, message) => {
      const asked = error ? null : unpack<{ readonly blurFaces: boolean }>(message.data);
      const config = asked && seal.open(asked.body, ABOUT);
      if (!config) return;
      const { blurFaces } = asked.header;
      cameras.testCamera(JSON.parse(config) as CameraConfig, { blurFaces, signal: over.signal }).then(
        ({ jpeg, ...about }) => message.respond(pack(about, jpeg ?? undefined)),
        (reason: unknown) => message.respond(pack({ refused: errorWords(reason) })),
      );
    },
  });
  return () => {
    over.abort();
    subscription.unsubscribe();
  };
}

/** Has a camera tried by a node that reads cameras. Throws CONFIG_INVALID for one that may not be opened. */
export async function askForTest(
  { connection, names }: Bus,
  seal: Seal,
  wanted: { readonly config: CameraConfig; readonly blurFaces: boolean },
): Promise<CameraTest> {
  const { config, blurFaces } = wanted;
  const asked = pack({ blurFaces }, seal.close(JSON.stringify(config), ABOUT));
  const data = await connection
    .request(names.tests, asked, { timeout: TEST_MS })
    .then((message) => message.data)
    .catch(() => null);
  const answer = data && unpack<Answer>(data);
  if (!answer) return NOBODY;
  const { refused, ...about } = answer.header;
  if (refused !== undefined) throw new AffectError('CONFIG_INVALID', refused);
  const { stream, firstPictureMs, fps, damaged, end, picture } = about;
  return { stream, firstPictureMs, fps, damaged, end, picture, jpeg: answer.body.length > 0 ? answer.body : null };
}

import { WebSocket } from 'ws';
import { startServe } from '../../src/app/serve.js';
import { connect, type MienClient, type SubscriptionMessage } from '../../src/client/index.js';
import type { FacesMessage, StateMessage } from '../../src/client/types.js';
import { loadConfig } from '../../src/config/load.js';
import type { ServeConfig } from '../../src/config/serve-config.js';
import { type ModelRuntime, startRuntime } from '../../src/pipeline/model-runtime.js';
import { collectingLogger } from './collecting-logger.js';
import { ffmpeg } from './make-video.js';
import { type AccessUnit, accessUnits } from './rtp-h264.js';
import { DEMO } from './run-cli.js';

const STREAM = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', '15', '-pix_fmt', 'yuv420p'];

/** The demo's smiling face as H.264 pictures of this width, for an RTSP server. */
export function facePictures(widthPx: number): AccessUnit[] {
  const scale = ['-vf', `scale=${widthPx}:-2,fps=15`];
  return accessUnits(ffmpeg('-i', `${DEMO}step-smile.mp4`, ...scale, ...STREAM, '-f', 'h264', 'pipe:1'));
}

export const configOf = (cameras: readonly object[], more: object = {}): Promise<ServeConfig> =>
  loadConfig({
    env: {},
    overrides: Object.entries({ purpose: 'testing', 'server.port': 0, cameras, ...more }).map(([key, value]) => ({
      key,
      value,
      origin: 'test',
    })),
  });

/** A running product, its lanes, and a client that remembers and waits. */
export async function serveForTest(config: ServeConfig) {
  const log: string[] = [];
  let runtime: ModelRuntime | undefined;
  const serving = await startServe(config, collectingLogger(log), async (options) => {
    runtime = await startRuntime(options);
    return runtime;
  });
  const client = connect({ url: serving.url, WebSocket });
  const messages: SubscriptionMessage[] = [];
  let waiting: (() => void)[] = [];
  client.subscribe({ kinds: ['faces', 'episodes', 'insights', 'rules', 'states'] }, (message) => {
    messages.push(message);
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  });
  await client.ready();

  /** The first message, from `from` on, that the predicate accepts; waits for it. */
  async function until<T extends SubscriptionMessage>(
    accepts: (message: SubscriptionMessage) => message is T,
    from = messages.length,
  ): Promise<T> {
    for (let at = from; ; at++) {
      while (at >= messages.length) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      const message = messages[at]!;
      if (accepts(message)) return message;
    }
  }
  return {
    serving,
    client: client as MienClient,
    log,
    messages,
    runtime: runtime!,
    until,
    /** The next frame of this camera with a face in it. */
    face: (source: string, from?: number) =>
      until(
        (message): message is FacesMessage =>
          message.type === 'faces' && message.source === source && message.faces.some(({ track }) => track !== null),
        from,
      ),
    state: (source: string, status: string, from?: number) =>
      until(
        (message): message is StateMessage =>
          message.type === 'state' && message.state.id === source && message.state.status === status,
        from,
      ),
    metric: async (line: string): Promise<number> => {
      const text = await (await fetch(`${serving.url}/metrics`)).text();
      const found = text.split('\n').find((each) => each.startsWith(`${line} `));
      return Number(found?.split(' ').at(-1));
    },
    close: async () => {
      client.close();
      await serving.close();
    },
  };
}

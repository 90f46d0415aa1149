import { connectGuarded } from '../guarded-connect.js';
import { environmentProxy } from '../http/environment-proxy.js';
import { openGuardedProxy } from '../http/guarded-proxy.js';
import { CONTAINERS, PROBE, type StreamKind } from '../stream-kind.js';

/** What one segment of a playlist may be, beside video. */
const FORMATS = `hls,aac,mp3,ac3,eac3,webvtt,${CONTAINERS}`;

export const http: StreamKind<'http'> = {
  arguments: (_, { networkTimeoutUs }) => [
    ...['-protocol_whitelist', 'http,https,httpproxy,tcp,tls,crypto', '-format_whitelist', FORMATS],
    ...['-rw_timeout', networkTimeoutUs, '-flags', 'low_delay', ...PROBE],
  ],
  mediate: async ({ camera, guard, connectMs, signal }) => {
    if (environmentProxy(camera.host, process.env) === null) {
      // Makes waiting for a camera that is off cheap: a refused connection costs no ffmpeg.
      const plain = { ...camera, scheme: 'http' } as const;
      const answer = await connectGuarded({ camera: plain, guard, timeoutMs: connectMs, signal });
      if (!answer.ok) return answer;
      answer.socket.destroy();
    }
    return openGuardedProxy({ camera, guard, connectMs, signal });
  },
};

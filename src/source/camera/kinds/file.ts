import { stat } from 'node:fs/promises';
import { localFileUrl } from '../../ffprobe.js';
import { CONTAINERS, type StreamKind } from '../stream-kind.js';

export const file: StreamKind<'file'> = {
  arguments: ({ loop }) => [
    ...['-protocol_whitelist', 'file', '-format_whitelist', CONTAINERS, '-re'],
    ...(loop ? ['-stream_loop', '-1'] : []),
  ],
  opens: ({ path }) => localFileUrl(path),
  missing: async ({ path }) => {
    const isFile = await stat(path).then(
      (facts) => facts.isFile(),
      () => false,
    );
    return isFile ? null : { reason: 'not-found', problem: 'there is no such file' };
  },
  endsForGood: ({ loop }) => !loop,
};

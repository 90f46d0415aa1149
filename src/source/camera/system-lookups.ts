import { lookup } from 'node:dns/promises';
import { realpath } from 'node:fs/promises';
import type { TargetLookups } from './check-camera-input.js';

/** The lookups of `checkCameraTarget` on this machine: its own name service and file system. */
export const SYSTEM_LOOKUPS: TargetLookups = {
  addresses: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  realPath: (path) => realpath(path),
};

import type { Codec } from './bucket.js';
import type { Lease } from './plan-leases.js';

/** Leases on the bus are JSON, to be read with its own tools, too. */
export const leaseCodec: Codec<Lease> = {
  write: (lease) => Buffer.from(JSON.stringify(lease)),
  read(bytes) {
    try {
      const { node, fence, tracks } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Lease>;
      const isLease =
        (node === null || typeof node === 'string') && Number.isInteger(fence) && Number.isInteger(tracks);
      return isLease ? ({ node, fence, tracks } as Lease) : null;
    } catch {
      return null; // not JSON: none of ours, as the caller says
    }
  },
};

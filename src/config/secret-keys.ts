import { z } from 'zod';
import { key, variable } from './keys.js';

const file = (text: string) => key(z.string().min(1).max(4096), { accepts: 'a path', text });

/** Where a secret is, which is never in the configuration itself. */
export function secretPlace(what: string, more: string) {
  return z
    .strictObject({
      env: variable(`Environment variable that holds the ${what}; either this or file. ${more}`).optional(),
      file: file(
        `File whose first line is the ${what}, relative to the configuration file; either this or env.`,
      ).optional(),
    })
    .describe(`Where the ${what} is.`);
}

/** Files for an encrypted connection to a peer, "the broker". */
export function tlsFiles(addresses: string, peer: string) {
  return z
    .strictObject({
      ca: file(`PEM file of who signed the certificate of ${peer}; those of Node when left out.`).optional(),
      cert: file(`PEM file with a certificate of mien, where ${peer} asks for one; needs key.`).optional(),
      key: file('PEM file with its private key; needs cert.').optional(),
    })
    .describe(
      `Files for ${addresses}, relative to the configuration file. The certificate of ${peer} is always checked.`,
    )
    .prefault({});
}

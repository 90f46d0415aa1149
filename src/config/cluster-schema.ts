import { z } from 'zod';
import { CLUSTER_ROLES } from '../domain/cluster.js';
import { duration, key } from './keys.js';
import { secretPlace, tlsFiles } from './secret-keys.js';

/** Protocols of a bus server, and whether they are encrypted. */
const BUSES: Readonly<Record<string, boolean>> = { 'nats:': false, 'tls:': true };

function isBusAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash, pathname } = new URL(text);
  return protocol in BUSES && hostname !== '' && username + password + hash === '' && pathname.length < 2;
}

/** Whether a bus server with this address is spoken to in TLS. */
export const isEncryptedBus = (url: string): boolean => BUSES[new URL(url).protocol] === true;

const name = (text: string) =>
  key(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/), {
    accepts: '1 to 63 of a-z, 0-9, - and _, first a letter or digit',
    text,
  });

/** `cluster`: how several machines share the cameras (docs/cluster.md). */
export const clusterSchema = z.strictObject({
  servers: key(z.array(z.string().max(2048).refine(isBusAddress)).max(16), {
    accepts: 'a list of URLs with nats:// or tls://, without user and password',
    text: 'Addresses of the NATS servers that make up the bus. None: this machine works alone.',
  }).default([]),
  roles: key(z.array(z.enum(CLUSTER_ROLES)).min(1), {
    accepts: `a list of ${CLUSTER_ROLES.join(', ')}`,
    text: 'What this process does. ingest reads cameras, words answers questions about faces, gateway serves clients.',
  }).default([...CLUSTER_ROLES]),
  site: name('Name of this installation on the bus; all its machines have the same.').default('mien'),
  node: name('Name of this process on the bus, of it alone; the name of the machine when left out.').optional(),
  username: key(z.string().min(1).max(256), {
    accepts: '1 to 256 characters',
    text: 'User name at the bus; needs secret.',
  }).optional(),
  secret: secretPlace('token of the bus, or the password of username', 'It is never in the configuration.').optional(),
  tls: tlsFiles('tls://', 'the bus'),
  key: secretPlace(
    'key that hides camera addresses on the bus',
    'All machines have the same; 16 characters at least.',
  ).optional(),
  lease: duration({
    least: '1s',
    most: '1m',
    text: 'A machine that has not been heard of for so long loses its cameras to others. The same on all machines.',
  }).prefault('2500ms'),
});

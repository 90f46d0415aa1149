import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { classifyIp } from '../source/camera/address-class.js';

/** Whether messages must never go to this address: that of no receiver, or of one that hands out a machine’s secrets. */
export const isForbiddenAddress = (ip: string): boolean => classifyIp(ip) === 'never';

/** Looks a name up as sockets ask for it, and fails when any of its addresses is forbidden. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  systemLookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, '');
    if (found.some(({ address }) => isForbiddenAddress(address))) return done(forbidden(), '');
    return options.all ? done(null, found) : done(null, found[0]!.address, found[0]!.family);
  });
};

/** Sockets look up no address that is written as one: it is checked before. */
export function assertAllowedHost(host: string): void {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0 && isForbiddenAddress(bare)) throw forbidden();
}

const forbidden = (): Error => new Error('points to an address that is not allowed');

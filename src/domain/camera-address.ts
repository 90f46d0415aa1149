import { type AddressKind, type CameraScheme, SCHEMES, schemesOf } from './camera-kinds.js';
import { textProblem } from './plain-text.js';

/** User and password as bytes, one character for each (latin1): a camera's encoding is not known. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Where a camera is asked, taken apart. */
export interface CameraAddress {
  readonly scheme: CameraScheme;
  /** Canonical, IPv6 without brackets: numbers in any notation are dotted ("0x7f.1" is 127.0.0.1). */
  readonly host: string;
  readonly port: number;
  /** Path and query as written; '' when nothing follows the host. */
  readonly target: string;
  /** Null without user and password. */
  readonly login: Login | null;
}

/** Most characters of an address. */
export const LONGEST_ADDRESS = 2048;
/** With a dot or brackets before its port it is a host, where "admin:12" may be the beginning of a login. */
const SURELY_HOST = /^(?:[^@:]+\.[^@:]+|\[[^@\]]*\])(?::\d+)?$/;
const SHAPE = 'write it as scheme://user:password@host:port/path';
const ENCODE = 'write its special characters as %XX (/ as %2F, ? as %3F, # as %23, @ as %40)';

/**
 * Pure: takes a camera's address apart, or says in a few words, which repeat nothing of it, what is wrong and how to put
 * it right. Every door (YAML, command line, REST, the connection itself) asks here, so that all read an address alike.
 *
 * @param type - of the camera, whose schemes it may begin with; upper case is the same
 */
export function parseCameraAddress(text: string, type: AddressKind): CameraAddress | { readonly problem: string } {
  return parseAddress(text, schemesOf(type));
}

/** The same for an address that may begin with these schemes. */
export function parseAddress(
  text: string,
  schemes: Readonly<Record<string, unknown>>,
): CameraAddress | { readonly problem: string } {
  const problem = characterProblem(text);
  if (problem !== null) return { problem };
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/i.exec(text);
  const scheme = parts?.[1]?.toLowerCase();
  if (!parts || scheme === undefined || !Object.hasOwn(schemes, scheme)) {
    return { problem: `must begin with ${beginnings(schemes)}` };
  }
  const [authority, target] = [parts[2]!, parts[3]!];
  if (target.includes('@') && /[@:]/.test(authority) && !SURELY_HOST.test(authority)) {
    return {
      problem: `has an '@' after the start of its path; if it belongs to the password, ${ENCODE}; in a path write %40`,
    };
  }
  const at = authority.lastIndexOf('@');
  const login = at < 0 ? null : loginOf(authority.slice(0, at));
  if (login === 'malformed')
    return { problem: "has a '%' in user or password without two hex digits; write it as %25" };
  const place = placeOf(authority.slice(at + 1));
  if ('problem' in place) return place;
  const known = scheme as CameraAddress['scheme'];
  return { scheme: known, host: place.host, port: place.port ?? SCHEMES[known].port, target, login };
}

/** "rtsp:// or rtsps://". */
export function beginnings(schemes: Readonly<Record<string, unknown>>): string {
  const all = Object.keys(schemes).map((scheme) => `${scheme}://`);
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}

function characterProblem(text: string): string | null {
  const problem = textProblem(text, LONGEST_ADDRESS);
  if (problem !== null) return problem;
  if (/\s/.test(text)) return 'contains a space; remove it, or write it as %20';
  if (text.includes('\\')) return 'contains a backslash; write it as %5C';
  return /^[\x21-\x7e]*$/.test(text) ? null : 'contains a character beyond ASCII; write its UTF-8 bytes as %XX';
}

function loginOf(text: string): Login | null | 'malformed' {
  if (/%(?![0-9a-f]{2})/i.test(text)) return 'malformed';
  const bytes = (part: string) =>
    part.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const colon = text.indexOf(':');
  const login =
    colon < 0
      ? { user: bytes(text), password: '' }
      : { user: bytes(text.slice(0, colon)), password: bytes(text.slice(colon + 1)) };
  return login.user === '' && login.password === '' ? null : login;
}

function placeOf(text: string): { readonly host: string; readonly port: number | null } | { readonly problem: string } {
  const parts = /^(\[[^\]]*\]|[^:[\]]*)(?::([^:]*))?$/.exec(text);
  if (!parts) return { problem: 'has no valid host; write an IPv6 address in brackets, such as [2001:db8::7]' };
  const [host, port] = [parts[1]!, parts[2] ?? ''];
  if (host === '') return { problem: `has no host; ${SHAPE}` };
  if (port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    return { problem: `has a port that is not a number from 1 to 65535; ${SHAPE}` };
  }
  // Only for http the URL parser reads numbers as IPv4.
  const parsed = URL.canParse(`http://${host}/`) ? new URL(`http://${host}/`).hostname : '';
  if (parsed === '' || host.includes('%')) return { problem: `has no valid host; ${SHAPE}` };
  return { host: parsed.replace(/^\[|\]$/g, ''), port: port === '' ? null : Number(port) };
}

/** "host", "host:8554" or "[2001:db8::7]:8554"; the port of the scheme is left out unless `always`. */
export function authorityOf(
  address: Pick<CameraAddress, 'scheme' | 'host' | 'port'>,
  port: 'always' | 'unless-default',
): string {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  return port === 'unless-default' && address.port === SCHEMES[address.scheme].port ? host : `${host}:${address.port}`;
}

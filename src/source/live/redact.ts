import { basename } from 'node:path';
import type { CameraInput } from '../../domain/camera-kinds.js';
import type { CameraConfig } from '../../domain/live.js';

const HIDDEN = '***';
/** Names of parameters whose value is nobody's business. Rather one too many. */
const SECRET_NAME =
  /pass|pwd|psw|token|secret|sig|key|auth|cred|user|usr|login|account|sess|jwt|hash|code|ticket|otp|^(u|p|pw|pin|id|uid|sid)$/i;
const SLASHES = /((?:\/|%(?:25)*2f){2})[^\s'"<>]*(@|%(?:25)*40)/gi;
const BARE_LOGIN = /[^\s:/@'"<>=&?,([]*(?::|%(?:25)*3a)(?!(?:\/|%(?:25)*2f){2})[^\s@'"<>]*(?:@|%(?:25)*40)/gi;
const PARAMETER = /([^\s?&;#=/'"<>]{1,80})(=|%(?:25)*3d)([^\s&;#'"<>]*)/gi;
const HEADER = /((?:proxy-)?authorization|cookie|x-api-key|www-authenticate)\s*[:=].*$/i;
/** Literals shorter than this would hit ordinary words; such are found by their place in an address only. */
const LEAST_LITERAL = 3;

/**
 * Text without credentials: user and password of addresses, values of parameters named like secrets, authorisation headers,
 * also where percent-encoded, once or more. When in doubt it hides more: an '@' in a path hides the host before it.
 */
export function redactText(text: string): string {
  return text
    .replace(HEADER, `$1: ${HIDDEN}`)
    .replace(PARAMETER, (whole, name: string, equals: string) =>
      SECRET_NAME.test(decoded(name)) ? `${name}${equals}${HIDDEN}` : whole,
    )
    .replace(SLASHES, `$1${HIDDEN}$2`)
    .replace(BARE_LOGIN, `${HIDDEN}@`);
}

/** An address fit for people, logs and metrics: no user, password, or secret parameter; control characters as '?'. */
export function redactUrl(url: string): string {
  return redactText(plain(url).replaceAll(' ', '%20'));
}

/** Where a camera's video comes from, fit to be shown. */
export function cameraAddress(input: CameraInput): string {
  switch (input.type) {
    case 'push':
      return 'pushed pictures';
    case 'webcam':
      return plain(input.device);
    case 'file':
      return plain(basename(input.path));
    default:
      return redactUrl(input.url);
  }
}

/** The configuration as clients may see it. */
export function redactCamera(config: CameraConfig): CameraConfig {
  const { input } = config;
  return 'url' in input ? { ...config, input: { ...input, url: redactUrl(input.url) } } : config;
}

/** A redactor that also knows the credentials of this address wherever they stand, in any spelling. */
export function createRedactor(address: string): (text: string) => string {
  const literals = secretsOf(address);
  return (text) => {
    let result = plain(text);
    for (const secret of literals) result = result.replaceAll(secret, HIDDEN);
    return redactText(result);
  };
}

function secretsOf(address: string): readonly string[] {
  const found = new Set<string>();
  const add = (value: string) => {
    for (const form of [value, decoded(value), encodeURIComponent(value), encodeURIComponent(decoded(value))]) {
      if (form.length >= LEAST_LITERAL) found.add(form);
    }
  };
  const login = /:\/\/(.*)@/.exec(address)?.[1];
  if (login !== undefined) {
    add(login);
    const colon = login.indexOf(':');
    if (colon >= 0) add(login.slice(colon + 1));
    add(colon < 0 ? login : login.slice(0, colon));
  }
  for (const [, name, , value] of address.matchAll(PARAMETER)) if (SECRET_NAME.test(decoded(name!))) add(value!);
  return [...found].sort((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A lone '%': it means itself.
  }
}

function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
}

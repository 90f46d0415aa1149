import { basename } from 'node:path';
import { openedBy } from '../../domain/camera-input.js';
import { type CameraInput, kindNotes } from '../../domain/camera-kinds.js';
import type { CameraConfig } from '../../domain/live.js';
import { plainText } from '../../domain/plain-text.js';

/** Stands where something is not shown. */
export const HIDDEN = '***';
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
  return redactText(plainText(url).replaceAll(' ', '%20'));
}

/** Where a camera's video comes from, fit to be shown. */
export function cameraAddress(input: CameraInput): string {
  const opened = openedBy(input);
  switch (opened?.field.shape) {
    case 'address':
      return redactUrl(opened.text);
    case 'path':
      return plainText(basename(opened.text));
    case 'device':
      return plainText(opened.text);
    case undefined: {
      const { shownAs, word } = kindNotes(input.type);
      return shownAs ?? word;
    }
  }
}

/** The address of a camera with the credentials in it; '' where it has none. For `createRedactor` alone. */
export function secretAddress(input: CameraInput): string {
  const opened = openedBy(input);
  return opened?.field.shape === 'address' ? opened.text : '';
}

/** The configuration as clients may see it. */
export function redactCamera(config: CameraConfig): CameraConfig {
  const opened = openedBy(config.input);
  if (opened?.field.shape !== 'address') return config;
  return { ...config, input: { ...config.input, [opened.name]: redactUrl(opened.text) } };
}

/** A redactor that also knows the credentials of this address wherever they stand, in any spelling. */
export function createRedactor(address: string): (text: string) => string {
  const literals = secretsOf(address);
  return (text) => {
    let result = plainText(text);
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

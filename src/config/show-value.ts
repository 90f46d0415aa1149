const SECRET_KEY = /token|secret|password|passwd|credential|api_?key/i;
const LONGEST = 60;

/** A value as messages show it: short, on one line, and without credentials. `key` is the last step of its path. */
export function showValue(key: string, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (SECRET_KEY.test(key)) return 'a value that is not shown';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a group of keys';
  const text = typeof value === 'string' ? JSON.stringify(hideCredentials(value)) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Hides user, password and query of a URL, also where a password cuts its host short ("u:p/w@host"); other text stays. */
export function hideCredentials(text: string): string {
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/{1,3})(?:[^/?#]*[:@].*|[^/?#]*)@/is, '$1***@')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^?]*)\?.*$/is, '$1?***');
}

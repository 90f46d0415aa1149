import { tokenOfTab } from './preferences.js';

/** What the server refuses, in its own words; `fields`: what is wrong with each field that was sent. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly fields: readonly { readonly key: string; readonly text: string }[] = [],
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** Calls the server's REST interface. Throws Refusal, or what `fetch` throws when the server cannot be reached. */
export async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  signal: AbortSignal | null = null,
): Promise<unknown> {
  const token = tokenOfTab();
  const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), {
    method,
    signal,
    // A page that is being left still takes its camera away.
    keepalive: method === 'DELETE',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? null : JSON.parse(text);
  throw refusalIn(text) ?? new Refusal('UNKNOWN', `the server answered ${response.status}`);
}

/** A picture of the REST interface as an object URL, which whoever asked revokes. Throws Error when the server refuses. */
export async function picture(path: string): Promise<string> {
  const token = tokenOfTab();
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), { headers });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return URL.createObjectURL(await response.blob());
}

function refusalIn(text: string): Refusal | null {
  try {
    const { error } = JSON.parse(text) as { error?: { code: string; message: string; fields?: Refusal['fields'] } };
    return error ? new Refusal(error.code, error.message, error.fields) : null;
  } catch {
    return null;
  }
}

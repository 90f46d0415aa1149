import { tokenOfTab } from './preferences.js';

/** Calls the server's REST interface. Throws Error with the server's own words when it refuses. */
export async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const token = tokenOfTab();
  const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), {
    method,
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
  throw new Error(messageOf(text) ?? `the server answered ${response.status}`);
}

function messageOf(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    return error?.message ?? null;
  } catch {
    return null;
  }
}

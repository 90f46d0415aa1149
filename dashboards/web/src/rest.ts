import { tokenOfTab } from './preferences.js';

/** Calls the server's REST interface. Throws Error with the server's own words when it refuses. */
export async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
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

/** A picture of the REST interface as an object URL, which whoever asked revokes. Throws Error when the server refuses. */
export async function picture(path: string): Promise<string> {
  const token = tokenOfTab();
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), { headers });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return URL.createObjectURL(await response.blob());
}

function messageOf(text: string): string | null {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    return error?.message ?? null;
  } catch {
    return null;
  }
}

import type { Annotation } from '../../../src/domain/annotation.js';
import type { ReviewedVideo } from '../../../src/review/reviewed-video.js';

/** The words of a refusal. */
async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const said = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  throw new Error(said?.error?.message ?? `mien answered ${response.status}`);
}

async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new Error('mien review has ended: start it again');
  });
  return (await checked(response)).json() as Promise<T>;
}

export type ListedVideo = { readonly name: string; readonly episodes: number; readonly judged: number };

export const listVideos = (): Promise<readonly ListedVideo[]> => ask('api/videos');
export const openVideo = (index: number): Promise<ReviewedVideo> => ask(`api/videos/${index}`);
export const askOthers = (index: number): Promise<readonly Annotation[]> => ask(`api/videos/${index}/others`);
export const makeCopy = (index: number): Promise<unknown> => ask(`api/videos/${index}/copy`, { method: 'POST' });

export const saveAnnotations = (
  index: number,
  body: { readonly version: string; readonly annotations: readonly Annotation[] },
): Promise<{ readonly version: string }> =>
  ask(`api/videos/${index}/annotations`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

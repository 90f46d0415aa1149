import type { ResolvedEngineOptions } from './engine-options.js';
import type { HttpResult } from './http.js';
import { isUnanswered } from './outcome.js';
import { post } from './post.js';
import type { Replica } from './replica.js';
import { readModels, type ServedModel } from './wire.js';

/** It may have a list that did not come. */
const AWAY: readonly HttpResult['kind'][] = ['timeout', 'broken', 'cancelled'];

/** Asks a replica for its models, once more where it could not be asked before; none where it keeps no list. */
export async function learnModels(
  replica: Replica,
  { options, signal }: { readonly options: ResolvedEngineOptions; readonly signal: AbortSignal },
): Promise<readonly ServedModel[] | null> {
  const http = await post(replica, { path: '/models', body: null, options, signal });
  const models = http.kind === 'answered' ? readModels(http.json) : null;
  const away = isUnanswered(http) || AWAY.includes(http.kind);
  replica.models = away ? null : (models ?? []);
  return models;
}

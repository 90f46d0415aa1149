import type { Kept, KeptPictureKind } from '../domain/keeping.js';
import {
  keptAnswer,
  keptHistoryAnswer,
  keptHistoryQuery,
  keptPictureQuery,
  keptPicturesAnswer,
  keptPicturesQuery,
  keptRangeQuery,
  keptRemovalAnswer,
} from '../protocol/keep-schema.js';
import { Problem } from './problem.js';
import { type Route, type RouteContext, route } from './route.js';

function keptOf({ kept }: RouteContext): Kept {
  if (kept) return kept;
  throw new Problem('NOT_FOUND', 'nothing is kept on disk: set keep.folder');
}

const rangeOf = ({ source, from, to }: { readonly source: string; readonly from: number; readonly to: number }) => ({
  source,
  fromMs: from,
  toMs: to,
});

/** Entries of lines; one that was damaged on the disk is left out. */
function entriesOf(lines: readonly string[]): unknown[] {
  return lines.flatMap((line): unknown[] => {
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

const picture = (kind: KeptPictureKind, words: { readonly contentType: string; readonly summary: string }): Route =>
  route({
    method: 'GET',
    path: `/api/v1/kept/${kind}`,
    scope: 'read',
    summary: words.summary,
    query: keptPictureQuery,
    answers: [{ status: 200, description: 'the picture', schema: null, contentType: words.contentType }],
    problems: ['NOT_FOUND', 'CAMERA_UNKNOWN'],
    handle: async ({ query: { source, name } }, context) => {
      const body = await keptOf(context).picture({ source, kind, name });
      if (body) return { status: 200, contentType: words.contentType, body };
      throw new Problem('NOT_FOUND', `there is no such ${kind}: it may have been deleted since`);
    },
  });

/** What is kept on disk: what there is, the past, pictures of rules, and deleting. */
export const KEPT_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/kept',
    scope: 'read',
    summary: 'What is kept on disk, by camera and day, and whether it is being recorded',
    answers: [{ status: 200, description: 'what is kept', schema: keptAnswer }],
    problems: [],
    handle: async (_, { kept }) => ({ status: 200, json: { kept: kept && (await kept.summary()) } }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/kept',
    scope: 'admin',
    summary: 'Deletes everything that is kept of a camera and time, out of files too',
    query: keptRangeQuery,
    answers: [{ status: 200, description: 'deleted', schema: keptRemovalAnswer }],
    problems: ['NOT_FOUND', 'CAMERA_UNKNOWN', 'OUTPUT_UNWRITABLE'],
    handle: async ({ query }, context) => ({ status: 200, json: await keptOf(context).remove(rangeOf(query)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/kept/history',
    scope: 'read',
    summary: 'What was kept of a camera and time, page by page',
    query: keptHistoryQuery,
    answers: [{ status: 200, description: 'a page', schema: keptHistoryAnswer }],
    problems: ['NOT_FOUND', 'CAMERA_UNKNOWN'],
    handle: async ({ query }, context) => {
      const { kind, limit, cursor = null } = query;
      const { lines, next } = await keptOf(context).history({ ...rangeOf(query), kind, limit, cursor });
      return { status: 200, json: { entries: entriesOf(lines), next } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/kept/pictures',
    scope: 'read',
    summary: 'Snapshots and clips that rules kept of a camera and time, newest first',
    query: keptPicturesQuery,
    answers: [{ status: 200, description: 'the list', schema: keptPicturesAnswer }],
    problems: ['NOT_FOUND', 'CAMERA_UNKNOWN'],
    handle: async ({ query }, context) => {
      const pictures = await keptOf(context).pictures({ ...rangeOf(query), limit: query.limit });
      return { status: 200, json: { pictures } };
    },
  }),
  picture('snapshot', { contentType: 'image/jpeg', summary: 'A snapshot that a rule kept' }),
  picture('clip', { contentType: 'video/mp4', summary: 'A clip that a rule kept' }),
];

import { z } from 'zod';
import {
  HISTORY_CURSOR,
  HISTORY_KINDS,
  KEEP_FORMATS,
  KEEP_STOPS,
  KEPT_KINDS,
  KEPT_PICTURES,
} from '../domain/keeping.js';
import { sourceId } from './messages.js';

const instant = z.coerce.number().min(0).max(8.64e15);
const range = {
  source: sourceId.describe('camera id; it need not exist any more'),
  from: instant.describe('milliseconds since 1970: then or later'),
  to: instant.describe('milliseconds since 1970: before then'),
};
const name = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}\/[\w.-]{1,120}$/)
  .describe('as the list of pictures has it');

export const keptRangeQuery = z.strictObject(range);
export const keptPicturesQuery = z.strictObject({
  ...range,
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const keptPictureQuery = z.strictObject({ source: range.source, name });
export const keptHistoryQuery = z.strictObject({
  ...range,
  kind: z.enum(HISTORY_KINDS).describe('what the entries are: lines of that file'),
  limit: z.coerce.number().int().min(1).max(2000).default(500),
  cursor: z.string().regex(HISTORY_CURSOR).optional().describe('`next` of the page before'),
});

const totals = { files: z.number().int(), bytes: z.number().int() };
const day = z.object({
  day: z.string().describe('"2026-01-15", in the time zone of the machine'),
  fromMs: z.number(),
  toMs: z.number(),
  ...totals,
  snapshots: z.number().int(),
  clips: z.number().int(),
});
const state = z
  .discriminatedUnion('status', [
    z.object({ status: z.literal('recording') }),
    z.object({
      status: z.literal('stopped'),
      reason: z.enum(KEEP_STOPS),
      since: z.string().describe('RFC 3339'),
      retryAt: z.string().describe('RFC 3339'),
    }),
  ])
  .describe('whether it is being recorded; the analysis goes on in any case');

export const keptAnswer = z.object({
  kept: z
    .object({
      state,
      what: z.array(z.enum(KEPT_KINDS)),
      formats: z.array(z.enum(KEEP_FORMATS)).describe('the past is shown from jsonl'),
      days: z.number().int().describe('that are kept, today included'),
      maxBytes: z.number(),
      ...totals,
      blur: z.boolean().describe('faces in pictures are made unrecognisable'),
      cameras: z.array(z.object({ source: sourceId, ...totals, days: z.array(day).describe('oldest first') })),
    })
    .nullable()
    .describe('null: nothing is kept on disk'),
});
export const keptHistoryAnswer = z.object({
  entries: z.array(z.looseObject({ wallTime: z.string() })).describe('oldest first'),
  next: z
    .string()
    .nullable()
    .describe('cursor of the next page, which may come after an empty one; null: there is none'),
});
export const keptPicturesAnswer = z.object({
  pictures: z
    .array(
      z.object({
        source: sourceId,
        kind: z.enum(KEPT_PICTURES),
        name,
        rule: z.string(),
        atMs: z.number().describe('when the rule fired'),
        bytes: z.number().int(),
      }),
    )
    .describe('newest first'),
});
export const keptRemovalAnswer = z.object({
  removed: z.number().int().describe('files that are gone'),
  rewritten: z.number().int().describe('files of which a part is gone'),
  freedBytes: z.number().int(),
});

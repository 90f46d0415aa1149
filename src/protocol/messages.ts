import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { CAMERA_ID } from '../domain/camera-id.js';
import { CAMERA_KIND_NAMES } from '../domain/camera-kinds.js';
import { DECODERS } from '../domain/decoder.js';
import { DEVICES } from '../domain/device.js';
import { LANDMARK_CHOICES, LOOKS } from '../domain/face.js';
import { INSIGHT_TASKS } from '../domain/insight.js';
import { CAMERA_STATUS, SOURCE_END_REASONS } from '../domain/live.js';
import { SCOPES } from '../domain/scopes.js';
import { MESSAGE_KINDS, PROTOCOL_VERSION } from './constants.js';
import { evidenceJpeg, insightFusion, insightRecord } from './insight-schema.js';
import { episodeRecord, faceRecord } from './record-schema.js';
import { ruleFiring } from './rule-schema.js';

export const sourceId = z.string().regex(CAMERA_ID).describe('camera id');
const subscriptionId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}$/)
  .describe('chosen by the client; replies and messages carry it');
const ptsUs = z.number().int().describe('media time in microseconds; rises over all connections of a camera');
const epochMs = z.number().describe('milliseconds since 1970, server clock');
const rfc3339 = z.string().describe('RFC 3339 instant');

export const subscribe = z
  .strictObject({
    type: z.literal('subscribe'),
    id: subscriptionId,
    sources: z
      .union([z.literal('*'), z.array(sourceId).min(1).max(64)])
      .describe('cameras; * for all, also later ones'),
    kinds: z.array(z.enum(MESSAGE_KINDS)).min(1).describe('what to send'),
    maxRateHz: z.number().min(0.1).max(120).optional().describe('most faces messages a second and camera; newest win'),
    landmarks: z.enum(LANDMARK_CHOICES).default('none').describe('landmarks in faces messages'),
    preview: z
      .strictObject({
        maxFps: z.number().min(0.1).max(30).default(10),
        maxSidePx: z.number().int().min(64).max(1920).default(640),
        blurFaces: z.boolean().default(false),
      })
      .optional()
      .describe('pictures, when kinds has preview'),
    resume: z
      .strictObject({ epoch: z.string().max(64), seq: z.number().int().min(0) })
      .optional()
      .describe('replay what was missed after this sequence number, if the server is still the same run'),
  })
  .describe('starts or replaces a subscription');
export const unsubscribe = z
  .strictObject({ type: z.literal('unsubscribe'), id: subscriptionId })
  .describe('ends a subscription');
export const hello = z
  .strictObject({
    type: z.literal('hello'),
    v: z.literal(PROTOCOL_VERSION),
    token: z.string().max(512).optional().describe('where headers and subprotocols cannot carry it'),
    client: z.string().max(64).optional().describe('name for logs'),
  })
  .describe('first message of a client');
export const ping = z
  .strictObject({ type: z.literal('ping'), id: z.number().int().min(0) })
  .describe('asks for a pong: is the connection alive, and what time is it there');
export const clientMessage = z.discriminatedUnion('type', [hello, subscribe, unsubscribe, ping]);
export type ClientMessage = z.input<typeof clientMessage>;
export type Subscribe = z.output<typeof subscribe>;

export const sourceEnd = z.object({ reason: z.enum(SOURCE_END_REASONS), message: z.string() });

const behindMs = z
  .number()
  .nullable()
  .describe('greatest age of what was shown in the last 10 s, milliseconds, while analysis is behind; else null');

export const streamFacts = z.object({
  widthPx: z.number(),
  heightPx: z.number(),
  codec: z.string().nullable(),
  decoder: z.enum(DECODERS).describe('what decodes it; none: software'),
  decoderProblem: z
    .string()
    .nullable()
    .describe('why the hardware that was asked for does not; null when it does, or none was'),
});

export const cameraState = z
  .object({
    id: sourceId,
    name: z.string(),
    status: z.enum(CAMERA_STATUS),
    inputType: z.enum(CAMERA_KIND_NAMES),
    address: z.string().describe('without credentials'),
    since: rfc3339.describe('since when it has this status; of an outage its beginning'),
    lastEnd: sourceEnd.nullable().describe('why the last connection ended'),
    retryAt: rfc3339.nullable().describe('when it is opened again; null while it is being opened, and unless waiting'),
    attempts: z.number().int().describe('tries that failed since it was last running; 0 while it is'),
    reconnects: z.number().int().describe('connections that ended since the camera was added'),
    decodeErrors: z.number().int().describe('pictures the decoder complained of since the camera was added'),
    damagedSince: rfc3339.nullable().describe('since when pictures arrive damaged; null when none did for 10 s'),
    behindSince: rfc3339
      .nullable()
      .describe('since when what is shown is a second old or more; null while it keeps up'),
    behindMs,
    reduced: z
      .object({
        since: rfc3339,
        looks: z
          .array(z.enum(LOOKS))
          .describe('affect: emotions and action units; gaze: eyes; cover: what covers faces'),
        perSecond: z.number().describe('times a second at most'),
      })
      .nullable()
      .describe('what is read less often at all cameras because the processor is busy; null while nothing is'),
    stream: streamFacts.nullable(),
  })
  .describe('state of a camera');

const seq = z
  .number()
  .int()
  .describe('rises by one over episode, insight, rule, state and removed messages; the resume point');

export const welcome = z
  .object({
    type: z.literal('welcome'),
    v: z.literal(PROTOCOL_VERSION),
    server: z.string().describe('mien version'),
    epoch: z.string().describe('id of this run of the server; sequence numbers belong to it'),
    seq,
    atMs: epochMs,
    scopes: z.array(z.enum(SCOPES)).describe('what this client may do'),
    tokenName: z.string().nullable().describe('of its token in the configuration; null where none is needed'),
    onlyCameras: z.array(sourceId).nullable().describe('cameras that its token is for; null: all'),
    purpose: z.string(),
    emotions: z.boolean().describe('false: action units only'),
    actionUnits: z.array(z.string()),
    device: z.enum(DEVICES).describe('what runs the models: the processor, or an accelerator'),
    notice: z.string().describe('text for the persons in view'),
    sources: z.array(cameraState),
  })
  .describe('answer to hello');
export const subscribed = z
  .object({
    type: z.literal('subscribed'),
    id: subscriptionId,
    replayed: z.number().int().describe('messages that follow from the past'),
    gap: z.boolean().describe('true when older ones were lost: read /api/v1/episodes'),
    unknown: z.array(sourceId).describe('cameras asked for that there are not (yet): theirs come once they are added'),
  })
  .describe('answer to subscribe');
export const unsubscribed = z
  .object({ type: z.literal('unsubscribed'), id: subscriptionId })
  .describe('answer to unsubscribe: nothing more comes for it');
export const faces = z
  .object({
    type: z.literal('faces'),
    source: sourceId,
    frame: z.number().int(),
    ptsUs,
    widthPx: z.number().describe('working frame, which boxes and landmarks refer to'),
    heightPx: z.number(),
    arrivedAtMs: epochMs.describe('arrival of the frame, server clock'),
    sentAtMs: epochMs,
    faces: z.array(faceRecord).describe('as in records.jsonl; one without a track when no face is seen'),
  })
  .describe('one analysed frame; dropped first when a client is slow');
export const episode = z
  .object({
    type: z.literal('episode'),
    seq,
    source: sourceId,
    atMs: epochMs,
    episode: episodeRecord,
  })
  .describe('an episode began, changed or ended; never dropped');
export const insight = z
  .object({
    type: z.literal('insight'),
    seq,
    source: sourceId,
    atMs: epochMs.describe('arrival of the frame that was asked about, server clock'),
    insight: insightRecord,
    fusion: insightFusion,
    evidenceJpeg,
  })
  .describe('what a multimodal language model said of a face, checked against what was measured; never dropped');
export const writing = z
  .object({
    type: z.literal('writing'),
    source: sourceId,
    atMs: epochMs.describe('arrival of the frame that was asked about, server clock'),
    track: z.number().int(),
    ptsUs: z.number().int().describe('media time of that frame, microseconds'),
    task: z.enum(INSIGHT_TASKS),
    emotion: z.enum(EMOTIONS).nullable().describe('as far as it is named'),
    text: z.string().describe('the words so far'),
  })
  .describe(
    'an answer of a language model while it is written, not checked yet; its insight follows, or nothing. To who ' +
      'subscribed to insights; not numbered, only the newest state waits for a slow client',
  );
export const rule = z
  .object({
    type: z.literal('rule'),
    seq,
    source: sourceId,
    atMs: epochMs.describe('when it was found, server clock'),
    firing: ruleFiring,
  })
  .describe('a rule began or ended at a camera; never dropped');
export const state = z
  .object({ type: z.literal('state'), seq, state: cameraState })
  .describe('a camera changed its state; never dropped. What only counts on in an outage comes with the stats');
export const removed = z
  .object({ type: z.literal('removed'), seq, source: sourceId })
  .describe('a camera was removed; never dropped');
export const cameraStats = z
  .object({
    id: sourceId,
    inputFps: z.number().describe('damaged frames too, but none over maxFps'),
    analysedFps: z.number(),
    dropped: z.record(z.string(), z.number()).describe('by reason, since the camera was added'),
    analysed: z.number(),
    attempts: z.number().int().describe('as in the state, every second'),
    retryAt: rfc3339.nullable().describe('as in the state, every second'),
    lastEnd: sourceEnd.nullable().describe('as in the state, every second'),
    reconnects: z.number().int().describe('as in the state, every second'),
    decodeErrors: z.number().int().describe('as in the state, every second'),
    behindMs,
    latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable(),
    faces: z.number(),
  })
  .describe('numbers of a camera over the last seconds');
export const systemNumbers = z
  .object({
    uptimeSeconds: z.number(),
    rssBytes: z.number(),
    lanes: z.number(),
    laneRestarts: z.number(),
    eventLoopLagMs: z.number(),
    clients: z.number(),
  })
  .describe('numbers of the process');
export const stats = z
  .object({
    type: z.literal('stats'),
    atMs: epochMs,
    system: systemNumbers,
    cameras: z.array(cameraStats),
  })
  .describe('once a second');
export const pong = z
  .object({ type: z.literal('pong'), id: z.number().int(), atMs: epochMs })
  .describe('answer to ping');
export const notice = z
  .object({ type: z.literal('notice'), level: z.enum(['info', 'warning']), code: z.string(), message: z.string() })
  .describe('something the client should show, e.g. that it is too slow');
export const error = z
  .object({
    type: z.literal('error'),
    code: z.string(),
    message: z.string(),
    ref: z.string().nullable().describe('subscription id'),
  })
  .describe('a message was refused; the connection stays unless a close follows');
export const serverMessage = z.discriminatedUnion('type', [
  welcome,
  subscribed,
  unsubscribed,
  faces,
  episode,
  insight,
  writing,
  rule,
  state,
  removed,
  stats,
  pong,
  notice,
  error,
]);
export type ServerMessage = z.infer<typeof serverMessage>;

/**
 * Binary messages, both ways: uint32 big-endian length of a JSON header, the header in UTF-8, then a JPEG.
 * Server: preview. Client: a picture for a camera of type push.
 */
export const previewHeader = z
  .object({
    type: z.literal('preview'),
    id: subscriptionId,
    source: sourceId,
    ptsUs,
    widthPx: z.number(),
    heightPx: z.number(),
  })
  .describe('header of a picture from the server');
export const pushHeader = z
  .strictObject({ type: z.literal('push'), source: sourceId })
  .describe('header of a picture for a camera of type push');
export type PreviewHeader = z.infer<typeof previewHeader>;

import { z } from 'zod';
import { parseCameraAddress } from '../domain/camera-address.js';
import type { AddressKind } from '../domain/camera-kinds.js';
import type { CameraDefaults } from '../domain/camera-treatment.js';
import { LANDMARK_CHOICES } from '../domain/face.js';
import type { CameraConfig } from '../domain/live.js';
import { evidenceJpeg, insightFusion, insightRecord } from './insight-schema.js';
import { cameraState, cameraStats, sourceId, systemNumbers } from './messages.js';
import { episodeRecord, faceRecord } from './record-schema.js';

/** Text for a program's command line or address: no control characters, and no leading dash that reads as an option. */
const plainText = z
  .string()
  .min(1)
  .max(2048)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  .regex(/^[^\u0000-\u001f\u007f]+$/, 'must not have control characters')
  .regex(/^[^-]/, 'must not begin with a dash');
const address = (type: AddressKind) =>
  z.string().superRefine((url, context) => {
    const parsed = parseCameraAddress(url, type);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem });
  });

/** Where a camera's video comes from. */
export const cameraInput = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('rtsp'),
    url: address('rtsp').describe('rtsp:// or rtsps://; may hold credentials, which are never shown'),
    transport: z.enum(['tcp', 'udp']).default('tcp'),
  }),
  z
    .strictObject({
      type: z.literal('http'),
      url: address('http').describe('http:// or https://; may hold credentials, which are never shown'),
    })
    .describe('progressive video, MJPEG or HLS'),
  z
    .strictObject({
      type: z.literal('webcam'),
      device: plainText.describe('/dev/video0, an index, or a name'),
      size: z
        .strictObject({ widthPx: z.number().int().min(16).max(7680), heightPx: z.number().int().min(16).max(4320) })
        .nullable()
        .default(null),
      fps: z.number().min(1).max(240).nullable().default(null),
    })
    .describe('a camera of the server'),
  z
    .strictObject({
      type: z.literal('file'),
      path: plainText.regex(/^(?![a-z][a-z0-9+.-]+:)/i, 'must be a path, not an address'),
      loop: z.boolean().default(true),
    })
    .describe('a file of the server, played at its own speed'),
  z.strictObject({ type: z.literal('push') }).describe('JPEG pictures sent over the WebSocket'),
]);

const ELSE = 'that of `defaults` in the configuration when not given';
const cameraFields = {
  name: z.string().min(1).max(100).optional().describe('for people; the id when not given'),
  input: cameraInput,
  maxSidePx: z.number().int().min(64).max(3840).optional().describe(`longer side that frames are shrunk to; ${ELSE}`),
  maxFps: z.number().min(0.1).max(240).nullable().optional().describe(`null: as many as fit; ${ELSE}`),
  minFacePx: z.number().int().min(16).max(1024).optional().describe(`smallest face to look for; ${ELSE}`),
};
export const newSource = z.strictObject({ id: sourceId, ...cameraFields }).describe('a camera to add');
export const changedSource = z
  .strictObject({ id: sourceId.optional().describe('that of the path'), ...cameraFields })
  .describe('the new configuration of a camera, whole');

/** A request's camera; what it does not say comes from the defaults. */
export function cameraConfigOf(
  id: string,
  request: z.output<typeof changedSource>,
  defaults: CameraDefaults,
): CameraConfig {
  const { input, name, maxSidePx, maxFps, minFacePx } = request;
  return {
    id,
    name: name ?? id,
    input,
    maxSidePx: maxSidePx ?? defaults.maxSidePx,
    maxFps: maxFps === undefined ? defaults.maxFps : maxFps,
    minFacePx: minFacePx ?? defaults.minFacePx,
  };
}

const cameraConfig = z
  .object({
    id: sourceId,
    name: z.string(),
    input: z.looseObject({ type: z.string() }).describe('as given, without credentials'),
    maxSidePx: z.number(),
    maxFps: z.number().nullable(),
    minFacePx: z.number(),
  })
  .describe('a camera as configured');

export const sourceList = z.object({ sources: z.array(cameraState) });
export const sourceAnswer = z.object({ state: cameraState, config: cameraConfig.nullable() });
export const facesQuery = z.strictObject({ landmarks: z.enum(LANDMARK_CHOICES).default('none') });
export const facesAnswer = z.object({ source: sourceId, faces: z.array(faceRecord) });
export const snapshotQuery = z.strictObject({
  blur: z.enum(['0', '1']).default('0').describe('1: faces are made unrecognisable'),
});
export const episodesQuery = z.strictObject({
  source: sourceId.optional(),
  kind: z.enum(['emotion', 'blink', 'action-unit']).optional(),
  since: z.coerce.number().min(0).optional().describe('milliseconds since 1970: changed then or later'),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export const episodesAnswer = z.object({
  episodes: z.array(z.object({ atMs: z.number(), episode: episodeRecord })).describe('newest first'),
});
export const insightsQuery = z.strictObject({
  source: sourceId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const insightsAnswer = z.object({
  insights: z
    .array(z.object({ atMs: z.number(), insight: insightRecord, fusion: insightFusion, evidenceJpeg }))
    .describe('newest first'),
});
export const statsAnswer = systemNumbers.extend({ cameras: z.array(cameraStats) });
export const infoAnswer = z.object({
  mienVersion: z.string(),
  apiVersion: z.literal(1),
  protocolVersion: z.number().int(),
  purpose: z.string(),
  emotions: z.boolean(),
  actionUnits: z.array(z.string()),
  models: z.array(
    z.object({ id: z.string(), version: z.string(), sha256: z.string(), licence: z.string(), job: z.string() }),
  ),
  notice: z.string(),
  startedAt: z.string(),
});
export const statusAnswer = z.object({ status: z.string() });
export const problemAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

import { z } from 'zod';
import { type AddressSchemes, parseCameraAddress } from '../domain/camera-address.js';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { choice, flag, key, number, whole } from './keys.js';
import { pixelsOf } from './quantities.js';

const FROM_ENVIRONMENT = `\${NAME} is taken from the environment`;
const ADDRESS = `Address; write credentials as \${NAME} and keep them in the environment.`;

/** An address of a camera; what is wrong with one is told in the words of `parseCameraAddress`. */
function address(type: AddressSchemes) {
  const schema = z.string().superRefine((url, context) => {
    const parsed = parseCameraAddress(url, type);
    if ('problem' in parsed) context.addIssue({ code: 'custom', message: parsed.problem, params: { telling: true } });
  });
  return key(schema, { accepts: `a URL with ${type}:// or ${type}s://; ${FROM_ENVIRONMENT}`, text: ADDRESS });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const NAME_OF_FILE = /^[^-\x00-\x1f\x7f][^\x00-\x1f\x7f]*$/;

const auto = z.literal('auto');
const cameraSize = key(
  z.union([
    auto.transform(() => null),
    z
      .string()
      .transform((size) => pixelsOf(size))
      .refine((size) => size !== null),
  ]),
  { accepts: 'auto, or width and height such as "1280x720"', text: 'Picture size asked of the camera, in pixels.' },
);

const maxFpsRange = { least: 0.1, most: 240 };

/** How a camera's frames are treated; `defaults` has the values for cameras that say nothing. */
export const treatment = {
  maxSidePx: whole({
    least: 64,
    most: 3840,
    text: 'Longer side that frames are shrunk to, in pixels. Higher finds smaller faces and costs more.',
  }),
  maxFps: key(
    z.union([
      z.literal('all').transform((): number | null => null),
      z.number().min(maxFpsRange.least).max(maxFpsRange.most),
    ]),
    {
      accepts: `all, or a number from ${maxFpsRange.least} to ${maxFpsRange.most}`,
      text: 'Analyse at most this many frames a second; all: as many as fit.',
    },
  ),
  minFacePx: whole({
    least: 16,
    most: 1024,
    text: 'Smallest face to look for, in pixels of the shrunk frame. Lower finds more and costs more.',
  }),
};

const common = {
  id: key(z.string().regex(CAMERA_ID), {
    accepts: CAMERA_ID_WORDS,
    text: 'Name in URLs, messages and metrics; unique.',
  }),
  name: key(z.string().min(1).max(100), {
    accepts: '1 to 100 characters',
    text: 'Name for people; the id when left out.',
  }).optional(),
  maxSidePx: treatment.maxSidePx.optional(),
  maxFps: treatment.maxFps.optional(),
  minFacePx: treatment.minFacePx.optional(),
};

const type = <T extends string>(value: T, text: string) =>
  key(z.literal(value), { accepts: 'one of rtsp, http, webcam, file, push', text });

/** One camera as written in a configuration, by its `type`. */
export const cameraEntry = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: type('rtsp', 'An RTSP camera or server.'),
    url: address('rtsp'),
    transport: choice(['tcp', 'udp'], 'tcp loses nothing; udp is a little faster and loses packets.').default('tcp'),
  }),
  z.strictObject({
    ...common,
    type: type('http', 'Progressive video, MJPEG or HLS over HTTP.'),
    url: address('http'),
  }),
  z.strictObject({
    ...common,
    type: type('webcam', 'A camera of this machine.'),
    device: key(z.string().max(256).regex(NAME_OF_FILE), {
      accepts: 'a device: /dev/video0 (Linux), an index such as "0" (macOS), a name (Windows)',
      text: `Which camera; ${FROM_ENVIRONMENT}.`,
    }),
    size: cameraSize.prefault('auto'),
    fps: key(z.union([auto.transform((): number | null => null), z.number().min(1).max(240)]), {
      accepts: 'auto, or a number from 1 to 240',
      text: 'Frame rate asked of the camera.',
    }).prefault('auto'),
  }),
  z.strictObject({
    ...common,
    type: type('file', 'A video file played at its own speed.'),
    path: key(z.string().max(4096).regex(NAME_OF_FILE), {
      accepts: 'a path of a video file',
      text: `The file, relative to the configuration file; ${FROM_ENVIRONMENT}.`,
    }),
    loop: flag('Begin again at the end.').default(true),
  }),
  z.strictObject({
    ...common,
    type: type('push', 'JPEG pictures sent by a client over the WebSocket, such as a browser’s webcam.'),
  }),
]);
export type CameraEntry = z.output<typeof cameraEntry>;

/** Rate bounds are shared with `preview.maxFps`. */
export const previewRate = number({ least: 0.1, most: 30, text: 'Most pictures a second and client.' });

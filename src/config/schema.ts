import { z } from 'zod';
import { CAMERA_ID, CAMERA_ID_WORDS } from '../domain/camera-id.js';
import { DEFAULT_DETECTOR, DETECTORS } from '../domain/detector.js';
import { DEVICE_CHOICES, DEVICE_TEXT } from '../domain/device.js';
import { LANES } from '../domain/lanes.js';
import { MAX_PUSHED_MIB } from '../domain/live.js';
import { MODES } from '../domain/mode.js';
import { DEFAULT_MODEL, MODEL_SIZES, MODEL_TEXT } from '../domain/model-size.js';
import { PRECISION_CHOICES, PRECISION_TEXT } from '../domain/precision.js';
import { SCOPES } from '../domain/scopes.js';
import { DEFAULT_LIMITS } from '../domain/server-limits.js';
import { cameraEntry, treatmentDefaults } from './camera-schema.js';
import { clusterSchema } from './cluster-schema.js';
import { keepSchema } from './keep-schema.js';
import { choice, dataSize, duration, flag, key, number, variable, whole } from './keys.js';
import { mllmSchema } from './mllm-schema.js';
import { mqttSchema } from './mqtt-schema.js';
import { NOTICE_FIELDS, NOTICE_LANGUAGES } from './notice.js';
import { bytesText, durationText } from './quantities.js';
import { PURPOSE_WORDS } from './responsible-use.js';
import { rulesSchema } from './rules-schema.js';
import { webhooksSchema } from './webhooks-schema.js';

const token = z.strictObject({
  name: key(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,31}$/), {
    accepts: '1 to 32 of a-z, 0-9, - and _',
    text: 'Name of the token in logs; unique.',
  }),
  scopes: key(z.array(z.enum(SCOPES)).min(1), {
    accepts: `a list of ${SCOPES.join(', ')}`,
    text: 'What it allows: read (results, pictures, metrics), admin (add, change and remove cameras), push (send pictures).',
  }),
  cameras: key(z.array(z.string().regex(CAMERA_ID)).min(1).max(1000), {
    accepts: `a list of ids of cameras, each ${CAMERA_ID_WORDS}`,
    text: 'Ids of the cameras it is for; the others, and metrics, are hidden from it. All when left out.',
  }).optional(),
  env: variable(
    'Environment variable that holds the token; either this or file. The token itself is never in the configuration.',
  ).optional(),
  file: key(z.string().min(1).max(4096), {
    accepts: 'a path',
    text: 'File whose first line is the token, relative to the configuration file; either this or env.',
  }).optional(),
});

const limits = z.strictObject({
  maxClients: whole({ least: 1, most: 10_000, text: 'Most WebSocket clients at once.' }).default(
    DEFAULT_LIMITS.maxClients,
  ),
  requestsPerSecond: whole({ least: 1, most: 10_000, text: 'Most HTTP requests a second from one address.' }).default(
    DEFAULT_LIMITS.requestsPerSecond,
  ),
  maxBody: dataSize({ least: '1KiB', most: '1MiB', text: 'Largest body of a REST request.' }).prefault(
    bytesText(DEFAULT_LIMITS.maxBodyBytes),
  ),
  maxMessage: dataSize({ least: '1KiB', most: '1MiB', text: 'Largest WebSocket text message of a client.' }).prefault(
    bytesText(DEFAULT_LIMITS.maxTextBytes),
  ),
  maxPicture: dataSize({
    least: '16KiB',
    most: `${MAX_PUSHED_MIB}MiB`,
    text: 'Largest picture pushed by a client.',
  }).prefault(bytesText(DEFAULT_LIMITS.maxPushBytes)),
  clientBuffer: dataSize({
    least: '16KiB',
    most: '64MiB',
    text: 'Bytes waiting for one slow client above which its faces, statistics and pictures are dropped.',
  }).prefault(bytesText(DEFAULT_LIMITS.relaxedBytes)),
  clientBufferMax: dataSize({
    least: '64KiB',
    most: '256MiB',
    text: 'Bytes waiting for one slow client above which it is disconnected.',
  }).prefault(bytesText(DEFAULT_LIMITS.hopelessBytes)),
  requestTimeout: duration({
    least: '1s',
    most: '5m',
    text: 'Longest time a client may take to send a request.',
  }).prefault(durationText(DEFAULT_LIMITS.requestTimeoutMs)),
  pingInterval: duration({
    least: '5s',
    most: '5m',
    text: 'How often WebSocket clients are asked whether they are there; one silent for two is disconnected.',
  }).prefault(durationText(DEFAULT_LIMITS.heartbeatMs)),
});

const origin = key(
  z
    .string()
    .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text),
  { accepts: 'an origin such as "https://wall.example.org", without a path', text: 'A page’s origin.' },
);

const server = z.strictObject({
  host: key(
    z
      .string()
      .min(1)
      .max(253)
      .regex(/^[A-Za-z0-9.:_-]+$/),
    {
      accepts: 'an address or host name of this machine',
      text: 'Address to listen on. Anything but loopback needs tokens; 0.0.0.0 is every interface.',
    },
  ).default('127.0.0.1'),
  port: whole({ least: 0, most: 65535, text: 'Port to listen on; 0 lets the system choose.' }).default(7420),
  tokens: key(z.array(token).max(64), {
    accepts: 'a list of tokens',
    text: 'Who may connect. None: everybody on this machine.',
  }).default([]),
  allowedOrigins: key(z.array(origin).max(64), {
    accepts: 'a list of origins',
    text: 'Origins of web pages, beside mien’s own, that may connect.',
  }).default([]),
  limits: limits.describe('Bounds against overload and abuse.').prefault({}),
});

const noticeText = key(z.string().min(20).max(2000), {
  accepts: `20 to 2000 characters with ${NOTICE_FIELDS.map((name) => `\${${name}}`).join(', ')}`,
  text: 'Text of the notice; the built-in one of the language when left out.',
});

/** The whole configuration of `mien serve`, as written. Parsing gives numbers in milliseconds, bytes and pixels. */
export const configSchema = z.strictObject({
  preset: key(z.string().regex(/^[a-z0-9-]{1,64}$/), {
    accepts: 'the name of a preset',
    text: 'Preset that this file builds on: webcam, rtsp-cpu, rtsp-gpu-mllm, file.',
  }).optional(),
  purpose: choice(
    PURPOSE_WORDS,
    'Why faces are read here; required. workplace and education need a purposeStatement (docs/responsible-use.md).',
  ).optional(),
  purposeStatement: key(
    z
      .string()
      .max(2000)
      .regex(/^\s*(medical|safety):\s*\S[\s\S]{19,}$/),
    {
      accepts: '"medical: …" or "safety: …" with the reason in 20 to 2000 characters',
      text: 'The medical or safety reason without which workplace and education are refused.',
    },
  ).optional(),
  mode: choice(MODES, 'full: emotions and movements. au-only: face movements; no emotion is inferred.').default('full'),
  server: server.describe('HTTP and WebSocket server.').prefault({}),
  cameras: key(z.array(cameraEntry).max(256), {
    accepts: 'a list of cameras',
    text: 'Cameras to watch from the start.',
  }).default([]),
  defaults: treatmentDefaults.describe('Values for cameras that do not say.').prefault({}),
  analysis: z
    .strictObject({
      detector: choice(
        DETECTORS,
        'Face detector: full range, short range (faces within 2 m; faster), or both: full range, and short range for large and turned faces.',
      ).default(DEFAULT_DETECTOR),
      model: choice(MODEL_SIZES, MODEL_TEXT).default(DEFAULT_MODEL),
      lanes: key(
        z.union([z.literal('auto').transform((): number | null => null), z.int().min(LANES.least).max(LANES.most)]),
        {
          accepts: `auto, or a whole number from ${LANES.least} to ${LANES.most}`,
          text: 'Inference threads; auto: one per core, at most 4. Each holds its own copy of the models.',
        },
      ).prefault('auto'),
      device: choice(DEVICE_CHOICES, DEVICE_TEXT).default('auto'),
      precision: choice(PRECISION_CHOICES, PRECISION_TEXT).default('auto'),
      baseline: flag('Subtract each person’s resting face.').default(true),
    })
    .describe('How faces are read.')
    .prefault({}),
  mllm: mllmSchema.describe('Multimodal language model.').prefault({}),
  rules: rulesSchema.default([]),
  webhooks: webhooksSchema.describe('Where rules send firings over HTTP.').prefault({}),
  mqtt: mqttSchema.describe('What is published to an MQTT broker (docs/mqtt.md).').prefault({}),
  cluster: clusterSchema.describe('Several machines that share the cameras over a bus (docs/cluster.md).').prefault({}),
  keep: keepSchema.describe('What is stored on disk, and how long.').prefault({}),
  retention: z
    .strictObject({
      episodes: duration({
        least: '10s',
        most: '24h',
        text: 'How long episodes and firings of rules stay in memory.',
      }).prefault('10m'),
      maxEpisodes: whole({
        least: 100,
        most: 1_000_000,
        text: 'Most episodes, and most firings, in memory; the oldest go first.',
      }).default(10_000),
    })
    .describe('What is kept in memory, and how long.')
    .prefault({}),
  preview: z
    .strictObject({
      enabled: flag('Whether clients may see pictures at all, snapshots included.').default(true),
      maxFps: number({ least: 0.1, most: 30, text: 'Most pictures a second and client.' }).default(10),
      maxSidePx: whole({ least: 64, most: 1920, text: 'Longer side of pictures sent, in pixels.' }).default(640),
      blurFaces: flag('Blur faces in every picture, whatever the client asks for.').default(false),
    })
    .describe('Pictures for clients.')
    .prefault({}),
  notice: z
    .strictObject({
      language: choice(NOTICE_LANGUAGES, 'Language of the notice for the persons in view.').default('en'),
      controller: key(z.string().max(200), {
        accepts: 'at most 200 characters',
        text: 'Who answers for the analysis, by name.',
      }).default(''),
      contact: key(z.string().max(200), {
        accepts: 'at most 200 characters',
        text: 'Where persons in view can ask and object.',
      }).default(''),
      text: noticeText.optional(),
    })
    .describe('What the persons in view are told.')
    .prefault({}),
  metrics: z
    .strictObject({
      enabled: flag('Serve /metrics for Prometheus.').default(true),
      defaultMetrics: flag('Also the process’s own: CPU, memory, event loop, garbage collection.').default(true),
    })
    .describe('Prometheus metrics.')
    .prefault({}),
  restAllowedFolders: key(z.array(z.string().min(1).max(4096)).max(64), {
    accepts: 'a list of folders',
    text: 'Folders from which cameras of type file may be added over REST. None: no file may.',
  }).default([]),
  maxCameras: whole({ least: 1, most: 256, text: 'Most cameras at once, those added over REST included.' }).default(16),
});

/** Parsed: units resolved, defaults filled in. */
export type ParsedConfig = z.output<typeof configSchema>;

/** The sections that parsed; a section with a problem of its own is absent. */
export type ParsedSections = { readonly [K in keyof ParsedConfig]?: ParsedConfig[K] | undefined };

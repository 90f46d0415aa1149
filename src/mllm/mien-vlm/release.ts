import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AffectError, errorWords } from '../../domain/errors.js';
import { Tokenizer, type TokenizerFile } from './tokenizer.js';

const size = z.int().positive();
const point = z.tuple([z.number(), z.number()]);

/** config.json of a release (models/training/vlm/FORMAT.md); what else it holds is for people. */
const configSchema = z.object({
  version: z.string(),
  width: size,
  prefix: size,
  layers: size,
  kvHeads: size,
  headSize: size,
  vocabulary: size,
  longestAnswer: size,
  alignment: z.object({ rightEye: point, leftEye: point, mouth: point }),
  /** How it writes each emotion as a label, one token each. */
  asked: z.record(z.string(), z.string()),
  sha256: z.object({ 'encoder.onnx': z.string(), 'decoder.onnx': z.string(), 'tokenizer.json': z.string() }),
});
export type ReleaseConfig = z.infer<typeof configSchema>;

/** A model that is ready to be loaded. */
export interface Release {
  readonly config: ReleaseConfig;
  readonly tokenizer: Tokenizer;
  readonly encoderPath: string;
  readonly decoderPath: string;
}

/** The one that comes with mien. */
export const SHIPPED = fileURLToPath(new URL('../../../models/mien-vlm/', import.meta.url));

function read<T>(folder: string, name: string, use: (bytes: Buffer) => T): T {
  const path = join(folder, name);
  try {
    return use(readFileSync(path));
  } catch (cause) {
    const fix = folder === SHIPPED ? 'install mien-faces again' : 'give the folder of a whole release';
    throw new AffectError('MODEL_INVALID', `${path} is missing or damaged (${errorWords(cause)}); ${fix}`, { cause });
  }
}

/** What config.json says. Throws MODEL_INVALID. */
export const readConfig = (folder: string): ReleaseConfig =>
  read(folder, 'config.json', (bytes) => {
    const { data, error } = configSchema.safeParse(JSON.parse(bytes.toString()));
    if (data) return data;
    throw new RangeError(`its field ${error.issues[0]?.path.join('.')} is not as expected`);
  });

/** A release, its files checked against config.json. Throws MODEL_INVALID that names the file and the fix. */
export function readRelease(folder: string): Release {
  const config = readConfig(folder);
  const whole = (name: keyof ReleaseConfig['sha256']): string =>
    read(folder, name, (bytes) => {
      if (createHash('sha256').update(bytes).digest('hex') !== config.sha256[name])
        throw new RangeError('its bytes are not those of config.json');
      return name.endsWith('.json') ? bytes.toString() : join(folder, name);
    });
  return {
    config,
    encoderPath: whole('encoder.onnx'),
    decoderPath: whole('decoder.onnx'),
    tokenizer: new Tokenizer(JSON.parse(whole('tokenizer.json')) as TokenizerFile),
  };
}

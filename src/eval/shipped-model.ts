import { join } from 'node:path';
import { MODEL_IDS, type ModelSize } from '../domain/model-size.js';
import { modelsDir } from '../models/registry.js';

/** Folder of an affect model: of a size that ships with mien, else the one that is named (`./large` is a folder of that name). */
export const modelFolder = (model: string): string =>
  Object.hasOwn(MODEL_IDS, model) ? join(modelsDir, MODEL_IDS[model as ModelSize]) : model;

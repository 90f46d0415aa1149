import { errorWords } from '../domain/errors.js';
import { findModels, graphsDir, listManifests } from './registry.js';
import { verifyVector } from './verify-vector.js';

export type ModelsAction = 'list' | 'verify';

/**
 * `mien models list | verify`. Lines go to `out`.
 * Verify checks every model, reports each, and throws the first MODEL_INVALID at the end.
 */
export async function modelsCommand(action: ModelsAction, io: { readonly out: (line: string) => void }): Promise<void> {
  const failures: unknown[] = [];
  for (const manifest of listManifests()) {
    const name = `${manifest.id.padEnd(24)} ${manifest.version.padEnd(8)}`;
    if (action === 'list') {
      io.out(`${name} ${manifest.job}; ${manifest.licence}`);
      continue;
    }
    try {
      for (const model of findModels([manifest.id]))
        io.out(`${name} ok, largest error ${(await verifyVector(model)).toExponential(1)}`);
    } catch (error) {
      failures.push(error);
      io.out(`${name} ${errorWords(error)}`);
    }
  }
  if (action === 'verify') io.out(`graphs in ${graphsDir}`);
  if (failures.length > 0) throw failures[0];
}

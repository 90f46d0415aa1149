import { existsSync } from 'node:fs';
import { AffectError } from '../domain/errors.js';
import { cacheDir, ensureModels, listManifests } from './registry.js';
import { verifyVector } from './verify-vector.js';

export type ModelsAction = 'list' | 'verify' | 'import';

/**
 * `mien models list | verify | import`. Lines go to `out`.
 * Verify checks every model, reports each, and throws the first MODEL_INVALID at the end.
 */
export async function modelsCommand(action: ModelsAction, io: { readonly out: (line: string) => void }): Promise<void> {
  const manifests = listManifests();
  const failures: unknown[] = [];
  for (const manifest of manifests) {
    const name = `${manifest.id.padEnd(24)} ${manifest.version.padEnd(8)}`;
    if (action === 'list') {
      io.out(`${name} ${manifest.job}; ${manifest.licence}`);
      continue;
    }
    try {
      const [model] = ensureModels({ ids: [manifest.id] });
      if (!model || !existsSync(model.onnxPath))
        throw new AffectError('MODEL_INVALID', `model ${manifest.id} is missing`);
      if (action === 'import') io.out(`${name} ready`);
      else io.out(`${name} ok, largest error ${(await verifyVector(model)).toExponential(1)}`);
    } catch (error) {
      failures.push(error);
      io.out(`${name} ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (action !== 'list') io.out(`graphs in ${cacheDir()}`);
  if (failures.length > 0) throw failures[0];
}

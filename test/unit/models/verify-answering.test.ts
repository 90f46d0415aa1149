import { cpSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAnswering } from '../../../src/models/manifest.js';
import { modelsCommand, type ToldModel } from '../../../src/models/models-command.js';
import { modelsDir, readManifest } from '../../../src/models/registry.js';
import { verifyAnswering } from '../../../src/models/verify-answering.js';
import { tempFolders } from '../../support/temp-folder.js';

const temp = tempFolders();
const manifest = readManifest('mien-vlm');
if (!isAnswering(manifest)) throw new Error('mien-vlm does not answer');

function copy(): string {
  const folder = temp();
  cpSync(join(modelsDir, 'mien-vlm'), folder, { recursive: true });
  return folder;
}

describe('verifyAnswering', () => {
  it('sees in the recorded faces what the reference saw', async () => {
    expect(await verifyAnswering(manifest)).toBeLessThan(5e-3);
  });

  it.each(['encoder.onnx', 'decoder.onnx', 'tokenizer.json', 'config.json'])('finds a damaged %s', async (name) => {
    const folder = copy();
    truncateSync(join(folder, name), 500);
    await expect(verifyAnswering(manifest, 'cpu', folder)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: `${join(folder, name)} is damaged; install mien-faces again`,
    });
  });

  it('finds a missing file', async () => {
    const folder = copy();
    rmSync(join(folder, 'decoder.onnx'));
    await expect(verifyAnswering(manifest, 'cpu', folder)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

it('mien models list names it', async () => {
  const told: ToldModel[] = [];
  await modelsCommand('list', (model) => told.push(model));
  expect(told.find(({ id }) => id === 'mien-vlm')).toMatchObject({ job: 'answers questions about a face in words' });
});

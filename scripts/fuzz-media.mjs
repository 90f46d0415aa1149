// npm run fuzz:media -- --files 200 --seed 1: reads made files of joined, cut, resized and re-clocked pieces; the same
// seed makes the same files. What is wrong is listed with what each file is made of.
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensurePackages, root } from './ensure-setup.mjs';

const options = { files: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } };
const { files, seed } = parseArgs({ options }).values;
ensurePackages();
const { status } = spawnSync('npx', ['vitest', 'run', 'test/e2e/media-fuzz.test.ts'], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, MIEN_FUZZ_FILES: files, MIEN_FUZZ_SEED: seed },
});
process.exit(status ?? 1);

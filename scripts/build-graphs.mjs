// Writes the run-time graphs of all models into dist/graphs, from the development dependencies that the manifests pin.

import { join } from 'node:path';
import { runnerImport } from 'vite';
import { root } from './ensure-setup.mjs';

const { module } = await runnerImport(join(root, 'models/convert/write-graphs.ts'), {
  root,
  configFile: false,
  logLevel: 'error',
});
try {
  module.writeGraphs(join(root, 'dist', 'graphs'));
} catch (error) {
  console.error(`models/convert: ${error.message}`);
  process.exit(1);
}

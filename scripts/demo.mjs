// npm run demo: sets up what is missing, reads the clip that the project contains, says in words what its face shows, and where to look.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureSetup, root, run } from './ensure-setup.mjs';

ensureSetup();
const out = join('mien-out', 'demo');
const clip = join('test', 'fixtures', 'demo', 'talking-face.mp4');
const args = [
  'dist/main.js',
  'analyze',
  clip,
  '--out',
  out,
  '--overwrite',
  '--overlay',
  '--words',
  // Nobody in it is real. Its person is seen in two rooms, and somebody passes by.
  '--join-appearance',
  ...process.argv.slice(2),
];
const status = run(process.execPath, args);
const report = join(root, out, 'talking-face', 'talking-face.report.html');
if (status === 0 && existsSync(report)) console.log(`\nOpen the report in a browser: ${pathToFileURL(report)}`);
process.exit(status);

// npm run docs:api: pages of every export of the package, made from the doc comments, in build/api. Fails where an export
// has none.
import { join } from 'node:path';
import { ensurePackages, root, run } from './ensure-setup.mjs';

ensurePackages();
const status = run(process.execPath, [join(root, 'node_modules/typedoc/bin/typedoc'), '--logLevel', 'Warn']);
if (status === 0) console.log(`open ${join('build', 'api', 'index.html')}`);
process.exit(status);

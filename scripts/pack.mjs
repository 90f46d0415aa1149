// npm run pack: makes the tarball of this platform from a clean build; arguments go to npm pack (--pack-destination FOLDER).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root, run } from './ensure-setup.mjs';

ensurePackages();
rmSync(join(root, 'dist'), { recursive: true, force: true });
// npm tells the tarball's name on standard output: what the build says goes to the other stream.
const built = run('npm', ['run', 'build', '--silent'], { stdio: ['ignore', 2, 2] });
process.exit(built === 0 ? run('npm', ['pack', ...process.argv.slice(2)]) : built);

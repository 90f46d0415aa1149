import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package for Python. */
export const PYMIEN = fileURLToPath(new URL('../../packages/pymien/', import.meta.url));
/** Python with pymien and what it is tested with, as `npm run test:python` installs it. */
export const PYTHON = process.env.PYMIEN_PYTHON ?? join(PYMIEN, '.venv', 'bin', 'python');

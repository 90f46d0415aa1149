// node docker/make-secrets.mjs: makes the secrets that docker-compose.yml mounts. Those that exist are kept.
// The folder is closed to other users of this machine; the files in it are readable, because the containers read them
// as users of their own.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'secrets');
const names = ['mien_operator_token', 'mien_metrics_token', 'grafana_admin_password'];

mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o700);
for (const name of names) {
  try {
    writeFileSync(join(folder, name), `${randomBytes(24).toString('base64url')}\n`, { flag: 'wx', mode: 0o644 });
    process.stdout.write(`made docker/secrets/${name}\n`);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    process.stdout.write(`kept docker/secrets/${name}\n`);
  }
}

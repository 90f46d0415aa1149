// node docker/make-secrets.mjs: makes the secrets that docker-compose.yml mounts. Those that exist are kept.
// The folder is closed to other users of this machine; the files in it are readable, because the containers read them
// as users of their own.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'secrets');
const secret = () => randomBytes(24).toString('base64url');
const files = {
  mien_operator_token: secret,
  mien_metrics_token: secret,
  grafana_admin_password: secret,
  // Variables. The key is for mien alone: what it encrypts on the bus, the bus cannot read.
  'bus.env': () => `MIEN_CLUSTER_KEY=${secret()}`,
  // Begins with a letter: nats-server takes what looks like a number for one.
  'nats.env': () => `MIEN_NATS_TOKEN=nats-${secret()}`,
};

mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o700);
for (const [name, content] of Object.entries(files)) {
  try {
    writeFileSync(join(folder, name), `${content()}\n`, { flag: 'wx', mode: 0o644 });
    process.stdout.write(`made docker/secrets/${name}\n`);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    process.stdout.write(`kept docker/secrets/${name}\n`);
  }
}

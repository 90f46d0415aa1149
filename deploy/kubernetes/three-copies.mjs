// Has NATS keep everything thrice, so that one of the three may be away. Once, when mien has made its streams:
//
// kubectl -n mien exec -i deployment/mien-gateway -- node --input-type=module - < deploy/kubernetes/three-copies.mjs
import { readFileSync } from 'node:fs';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { parse } from 'yaml';

const file = process.env.MIEN_CONFIG ?? '/etc/mien/mien.yaml';
const { servers } = parse(readFileSync(file, 'utf8')).cluster;
const bus = await connect({ servers, token: process.env.MIEN_NATS_TOKEN });
const { streams } = await jetstreamManager(bus);
for await (const { config } of streams.list()) {
  await streams.update(config.name, { num_replicas: 3 });
  process.stdout.write(`${config.name}: ${config.num_replicas} before, 3 now\n`);
}
await bus.close();

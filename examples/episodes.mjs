// Prints every episode as it ends, from a running `mien serve`. Needs the package mien-faces and Node 22 (on Node 20 also
// the package ws: pass its WebSocket in the options).
//
// node examples/episodes.mjs http://127.0.0.1:7420
import { connect } from 'mien-faces/client';

const client = connect({ url: process.argv[2] ?? 'http://127.0.0.1:7420', token: process.env.MIEN_TOKEN });
client.on('status', ({ status, reason }) => console.error(status, reason ?? ''));
process.once('SIGINT', () => client.close());

for await (const message of client.subscribe({ kinds: ['episodes'] })) {
  if (message.type === 'gap') console.error('some episodes were missed: read GET /api/v1/episodes');
  if (message.type !== 'episode' || message.episode.phase !== 'end') continue;
  const { track, label, onsetUs, offsetUs } = message.episode;
  console.log(`${message.source}: face ${track}, ${label} for ${((offsetUs - onsetUs) / 1e6).toFixed(1)} s`);
}

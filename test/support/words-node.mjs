// A words node in a process of its own, to be killed: it takes questions and never answers. Address and site are its arguments.
import { connect } from '@nats-io/transport-node';
import { startWordsServer } from '../../dist/cluster/words/words-server.js';

const [address, site, silenceMs] = process.argv.slice(2);
const nothing = () => undefined;
const all = {
  logProbabilities: true,
  jsonSchema: true,
  choice: true,
  regex: true,
  loraByModel: true,
  prefill: true,
  severalImages: true,
  numericPriors: true,
  ownBatches: true,
};
const engine = {
  id: 'scripted',
  model: 'silent',
  probe: async () => all,
  infer: (calls) => {
    process.stdout.write('asked\n');
    return calls.map(() => new Promise(nothing));
  },
  close: async () => undefined,
};
startWordsServer({
  connection: await connect({ servers: address }),
  site,
  node: 'to-be-killed',
  engine,
  timeoutMs: 20_000,
  silenceMs: Number(silenceMs),
  telemetry: { wordsAsked: nothing, wordsAnswered: nothing, wordsLoad: nothing },
  logger: { debug: nothing, info: () => process.stdout.write('serving\n'), warn: nothing, error: nothing },
});

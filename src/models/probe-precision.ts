/**
 * Entry of a process that tries models in integers: `probe-precision.js MODEL...` replays what was recorded of each on the
 * processor, and times a run of both its forms. Writes a `PrecisionTrial` as JSON to standard output.
 */
import { errorWords } from '../domain/errors.js';
import { findModels, inIntegers } from './registry.js';
import { timeVector, verifyVector } from './verify-vector.js';

async function probe(ids: readonly string[]) {
  const models = findModels(ids);
  const whole = inIntegers(models);
  try {
    for (const model of whole) await verifyVector(model);
  } catch (error) {
    return { problem: errorWords(error), floatMs: 0, int8Ms: 0 };
  }
  const total = async (list: typeof models): Promise<number> => {
    let sum = 0;
    for (const model of list) sum += await timeVector(model);
    return sum;
  };
  return { problem: null, floatMs: await total(models), int8Ms: await total(whole) };
}

process.stdout.write(JSON.stringify(await probe(process.argv.slice(2))));

import { describe, expect, it } from 'vitest';
import { packMessage } from '../../../../src/cluster/envelope.js';
import { encodeNode, foundIn } from '../../../../src/cluster/words/words-probe.js';
import { CAN_ALL } from '../../../support/mllm-builders.js';

const node = (more: Partial<typeof CAN_ALL> = {}, engine = 'served') => ({
  data: encodeNode({ node: 'n', engine, model: 'tiny', capabilities: { ...CAN_ALL, ...more } }),
});

describe('what words nodes can do together', () => {
  it.each([
    [[{}], {}],
    [[{ jsonSchema: false }, { prefill: false }], { jsonSchema: false, prefill: false }],
    [[{ numericPriors: true }, { numericPriors: true }], { numericPriors: true }],
    [[{ numericPriors: true }, { numericPriors: 'mesh' }], { numericPriors: 'mesh' }],
    [[{ numericPriors: 'mesh' }, { numericPriors: false }], { numericPriors: false }],
  ] as const)('%j: %j', (nodes, together) => {
    expect(
      foundIn(
        nodes.map((can) => node(can)),
        'served',
      ),
    ).toEqual({
      model: 'tiny',
      nodes: nodes.length,
      capabilities: { ...CAN_ALL, ownBatches: true, ...together },
    });
  });

  it('is of those alone that ask the same engine in the same release', () => {
    const answers = [node({ regex: false }, 'other'), { data: packMessage({ v: 9 }) }, node()];
    expect(foundIn(answers, 'served')).toMatchObject({ nodes: 1, capabilities: { regex: true } });
  });

  it.each([
    [[], 'SERVER_UNREACHABLE', 'no words node answers on the bus; start one (role words)'],
    [
      [node({}, 'other')],
      'CONFIG_INVALID',
      'the words nodes ask the engine other, and served is configured here; give all nodes the same mllm.engine',
    ],
    [
      [{ data: packMessage({ v: 9 }) }],
      'CONFIG_INVALID',
      'the words nodes are of another release; run the same one on all nodes',
    ],
    [
      [{ data: new Uint8Array(0) }],
      'CONFIG_INVALID',
      'the words nodes are of another release; run the same one on all nodes',
    ],
  ])('case %#', (answers, code, message) => {
    expect(() => foundIn(answers, 'served')).toThrow(expect.objectContaining({ code, message }));
  });
});

import { expect, it } from 'vitest';
import { topicsOf } from '../../../../src/notify/mqtt/topics.js';

it('of several processes each is there or not by itself; what they tell of cameras is below the same topics', () => {
  const { status: alone, ...rest } = topicsOf('house/mien');
  const { status: first, ...firstRest } = topicsOf('house/mien', 'a');
  const { status: second } = topicsOf('house/mien', 'b');
  expect([alone, first, second]).toEqual([
    'house/mien/status',
    'house/mien/nodes/a/status',
    'house/mien/nodes/b/status',
  ]);
  expect(firstRest.faces('door')).toBe(rest.faces('door'));
  expect(firstRest.rule('door', 'smiles')).toBe('house/mien/door/rules/smiles');
  expect([firstRest.episodes, firstRest.rules]).toEqual([rest.episodes, rest.rules]);
});

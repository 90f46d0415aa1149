import { expect, it } from 'vitest';
import { type NodeReport, Nodes } from '../../../src/cluster/nodes.js';
import { nodeReport } from '../../support/node-report.js';

const ALIVE_MS = 3_000;

it('a node lives until it was not heard of for so long, and its newest report counts', () => {
  const nodes = new Nodes(ALIVE_MS);
  nodes.take(nodeReport('a', { capacity: 1 }), 0);
  nodes.take(nodeReport('b'), 1_000);
  nodes.take(nodeReport('a', { capacity: 2 }), 500);
  expect([...nodes.alive(3_500)].map(([name, { capacity }]) => [name, capacity])).toEqual([
    ['a', 2],
    ['b', 8],
  ]);
  expect([...nodes.alive(3_501).keys()]).toEqual(['b']);
  expect([...nodes.alive(4_001).keys()]).toEqual([]);
  nodes.take(nodeReport('a'), 9_000);
  expect([...nodes.alive(9_000).keys()]).toEqual(['a']);
});

it('each report is told as it comes', () => {
  const nodes = new Nodes(ALIVE_MS);
  const heard: NodeReport[] = [];
  let over = false;
  nodes.heard.subscribe({ next: (report) => heard.push(report), complete: () => (over = true) });
  for (const instance of ['1', '2']) nodes.take(nodeReport('a', { instance }), 0);
  expect(heard.map(({ node, instance }) => node + instance)).toEqual(['a1', 'a2']);
  nodes.close();
  expect(over).toBe(true);
});

import { expect, test } from 'vitest';
import { userIn } from '../../../../src/source/camera/peer-user.js';

const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:C350 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000  1001        0 2 1
   2: 0100007F:0FA0 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 3 1
   3: 0200007F:C351 0100007F:0FA0 01 00000000:00000000 00:00000000 00000000  1002        0 4 1
`;

test.each([
  [50_000, 1001],
  [50_001, null],
  [4_000, null],
])('who connects from port %d', (from, user) => {
  expect(userIn(TABLE, { from, to: 4_000 })).toBe(user);
});

test('no table, nobody', () => expect(userIn('', { from: 1, to: 2 })).toBeNull());

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bearerToken, sees, subprotocolToken, TokenTable } from '../../../src/server/tokens.js';

const READER = 'reader-0123456789abcdef';
const table = new TokenTable([
  { token: READER, scopes: ['read'] },
  { token: 'operator-0123456789abcdef', scopes: ['read', 'admin', 'push'] },
]);

describe('TokenTable', () => {
  it.each([
    [READER, ['read']],
    ['operator-0123456789abcdef', ['read', 'admin', 'push']],
    ['reader-0123456789abcdeF', null],
    ['', null],
    [null, null],
  ])('%s may %s', (token, scopes) => {
    const found = table.grantOf(token);
    expect(found && [...found.scopes]).toEqual(scopes);
  });

  it('is open without tokens', () => {
    expect([...new TokenTable([]).grantOf(null)!.scopes]).toEqual(['read', 'admin', 'push']);
  });

  it('tells the cameras that a token is for', () => {
    const some = new TokenTable([{ token: READER, scopes: ['read'], cameras: ['door'] }]).grantOf(READER)!;
    expect([sees(some.cameras, 'door'), sees(some.cameras, 'hall')]).toEqual([true, false]);
    expect(sees(table.grantOf(READER)!.cameras, 'hall')).toBe(true);
  });

  it('keeps no token that could be printed', () => {
    expect(inspect(table, { depth: 9, showHidden: true })).not.toContain('0123456789abcdef');
  });
});

describe('tokens of a request', () => {
  it.each([
    [`Bearer ${READER}`, READER],
    [`bearer ${READER}`, READER],
    [`Basic ${READER}`, null],
    ['Bearer ', null],
    ['Bearer a b', null],
    [undefined, null],
  ])('Authorization: %s', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([
    [`mien.v1, mien.token.${Buffer.from(READER).toString('base64url')}`, READER],
    [`mien.token.${Buffer.from('ä/+ü').toString('base64url')}`, 'ä/+ü'],
    ['mien.v1', null],
    [undefined, null],
  ])('Sec-WebSocket-Protocol: %s', (header, token) => {
    expect(subprotocolToken(header)).toBe(token);
  });
});

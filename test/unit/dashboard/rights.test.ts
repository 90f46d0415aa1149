import { expect, it } from 'vitest';
import { refusal } from '../../../dashboards/web/src/model/rights.js';

it('says why a token does not allow something, and nothing where it does', () => {
  expect(refusal(null, 'admin')).toBe('Not connected yet.');
  expect(refusal({ scopes: ['read', 'admin'], tokenName: 'operator' }, 'admin')).toBeNull();
  expect(refusal({ scopes: ['read'], tokenName: 'viewer' }, 'admin')).toBe(
    'Your token “viewer” does not allow admin. Log in with one that does.',
  );
  expect(refusal({ scopes: ['read'], tokenName: null }, 'push')).toMatch(/^Your token does not allow push\./);
});

import { expect, test } from 'vitest';
import { micros } from '../../../../src/domain/units.js';
import { Damage } from '../../../../src/source/camera/damage.js';

/** Pictures half a second apart: k key, p another, K and P with a complaint. @returns d for damaged, else w */
function judged(pictures: string): string {
  const damage = new Damage();
  return [...pictures]
    .map((letter, index) => ({
      ptsUs: micros(index * 500_000),
      key: letter.toLowerCase() === 'k',
      complaint: letter !== letter.toLowerCase(),
    }))
    .map((mark) => (damage.isDamaged(mark) ? 'd' : 'w'))
    .join('');
}

test.each([
  { what: 'nothing', pictures: 'kpppkppp', is: 'wwwwwwww' },
  { what: 'spreads up to the next key picture', pictures: 'kpPppkpp', is: 'wwdddwww' },
  { what: 'of a key picture spreads past it', pictures: 'kpPpKppkp', is: 'wwdddddww' },
  { what: 'of a stream of key pictures does not spread', pictures: 'kkKkkKKk', is: 'wwdwwddw' },
  {
    what: 'without key pictures ends ten seconds after the last complaint',
    pictures: `kPpppP${'p'.repeat(22)}`,
    is: `w${'d'.repeat(24)}www`,
  },
])('damage: $what', ({ pictures, is }) => expect(judged(pictures)).toBe(is));

import { expectTypeOf, test } from 'vitest';
import type { Box } from '../../src/domain/face.js';
import { type Micros, type Millis, micros, millis } from '../../src/domain/units.js';

test('media time and our clock do not mix', () => {
  expectTypeOf(micros(1)).toEqualTypeOf<Micros>();
  expectTypeOf<Millis>().not.toExtend<Micros>();
  // @ts-expect-error a plain number is not a media time
  const bare: Micros = 5;
  // @ts-expect-error our clock is not a media time
  const clock: Micros = millis(5);
  return [bare, clock];
});

test('boxes of different spaces do not mix', () => {
  expectTypeOf<Box<'unit'>>().not.toExtend<Box<'frame'>>();
});

import { expect, test } from 'vitest';
import { counted } from '../../../src/domain/counted.js';

test('one is singular, all else plural', () => {
  expect([0, 1, 2].map((count) => counted(count, 'frame'))).toEqual(['0 frames', '1 frame', '2 frames']);
  expect([1, 2].map((count) => counted(count, 'try', 'tries'))).toEqual(['1 try', '2 tries']);
});

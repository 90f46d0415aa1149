import { describe, expect, it } from 'vitest';
import { keepWords, savedWords } from '../../../dashboards/web/src/model/camera-kept.js';

describe('a camera in the configuration file', () => {
  it.each([
    [null, undefined, /^Otherwise it lasts until mien stops\. User, password and keys are not written/],
    [null, null, /^Otherwise it comes back as it was when mien is started again\./],
    ['no file', 'not there', /^It cannot be kept: no file\. So it lasts until mien stops\.$/],
    ['no file', null, /^It cannot be kept: no file\. So it comes back as it was when mien is started again\.$/],
  ])('is told beforehand: %s, %s', (unsavable, unsaved, words) => {
    expect(keepWords({ unsavable, unsaved })).toMatch(words);
  });

  it('is told of where something is left to do', () => {
    expect(savedWords({ unsaved: null, variables: [] })).toEqual([]);
    expect(savedWords({ unsaved: 'it is full', variables: [] })).toEqual([
      'It runs, but it is not in the configuration file: it is full.',
    ]);
    expect(savedWords({ unsaved: null, variables: ['A'] })[1]).toBe(
      'Before mien is started again, set in its environment A to what stands for *** in its address, such as user:password. Until then the camera will refuse access.',
    );
    expect(savedWords({ unsaved: null, variables: ['A', 'B'] })[1]).toContain(
      'A, B to what stands for *** in its address, in this order',
    );
  });
});

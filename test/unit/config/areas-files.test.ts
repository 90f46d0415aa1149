import { describe, expect, it } from 'vitest';
import { readAreas } from '../../../src/config/areas-file.js';
import { withAreas } from '../../../src/config/areas-in-yaml.js';
import type { Area } from '../../../src/domain/areas.js';

const STREET: Area = {
  name: 'street',
  points: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
  ],
};
const FILE = `# who looks after this: reception
purpose: research
cameras:
  - id: door # the front door
    type: rtsp
    url: rtsp://user:\${PASSWORD}@192.0.2.7/stream
  - id: desk
    type: push
`;

describe('withAreas', () => {
  it('sets the areas of one camera and keeps comments, placeholders and the other cameras', () => {
    const text = withAreas(FILE, 'door', { masks: [STREET], zones: [] })!;
    for (const kept of FILE.split('\n')) expect(text).toContain(kept);
    expect(text).toContain('points: [[0, 0], [0.5, 0], [0.5, 1]]');
    expect(text).not.toContain('zones');
    expect(readAreas(text, { file: 'a.yaml', camera: 'door' }).areas).toEqual({ masks: [STREET], zones: [] });
    expect(readAreas(text, { file: 'a.yaml', camera: 'desk' }).areas).toEqual({ masks: [], zones: [] });
  });

  it('gives back the same file when they are taken away again', () => {
    const text = withAreas(FILE, 'door', { masks: [STREET], zones: [STREET] })!;
    expect(withAreas(text, 'door', { masks: [], zones: [] })).toBe(FILE);
  });

  it('answers null for a camera that the file does not have, and for a file that is no YAML', () => {
    expect(withAreas(FILE, 'yard', { masks: [], zones: [] })).toBeNull();
    expect(withAreas('cameras: [', 'door', { masks: [], zones: [] })).toBeNull();
    expect(withAreas('purpose: research\n', 'door', { masks: [], zones: [] })).toBeNull();
  });
});

describe('readAreas', () => {
  const read = (text: string, camera: string | null = null) => readAreas(text, { file: 'areas.yaml', camera });

  it('reads masks, zones and the turn of the picture', () => {
    const text = 'rotate: 90\nzones:\n  - {name: till, points: [[0, 0], [1, 0], [1, 1]]}\n';
    expect(read(text)).toEqual({
      areas: {
        masks: [],
        zones: [
          {
            name: 'till',
            points: [
              [0, 0],
              [1, 0],
              [1, 1],
            ],
          },
        ],
      },
      rotate: 90,
    });
  });

  it.each([
    ['masks:\n  - {name: a, points: [[0, 0], [1, 0]]}', 'areas.yaml: masks: '],
    ['masks:\n  - {name: a, points: [[0, 0], [1, 0], [1, 2]]}', 'shares of the picture from 0 to 1'],
    ['masks:\n  - {name: "a;b", points: [[0, 0], [1, 0], [1, 1]]}', 'its name must be'],
    ['zones: []\nrotate: 45', 'rotate'],
    ['other: 1', 'has neither masks nor zones'],
    [FILE, 'name one of its cameras, as in FILE#door: door, desk'],
  ])('refuses %j in one line', (text, words) => {
    expect(() => read(text)).toThrow(words);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FaceRecordJson } from '../../src/domain/record-fields.js';
import { ffmpeg, H264, videoFolder } from '../support/make-video.js';
import { DEMO, runCli } from '../support/run-cli.js';

const folder = videoFolder();
afterAll(() => folder.remove());

/** The first 48 frames of the demo clip; between 0.6 and 1.4 s a gray sheet lies before nose, mouth and chin. */
function clipWithSheet(): string {
  const clip = folder.path('sheet.mp4');
  const sheet = "drawbox=x=222:y=258:w=196:h=130:color=0xB4B4B4:t=fill:enable='between(t,0.6,1.4)'";
  ffmpeg('-i', join(DEMO, 'talking-face.mp4'), '-frames:v', '48', '-an', '-vf', sheet, ...H264, clip);
  return clip;
}

describe('a face that is covered for a while', () => {
  it('loses what shows behind the cover, keeps the rest, and has all of it back', async () => {
    const run = await runCli(['analyze', clipWithSheet(), '--formats', 'jsonl,csv', '--out', folder.path('out')]);
    expect(run.code, run.stderr).toBe(0);
    const file = (name: string): string => readFileSync(join(folder.path('out'), 'sheet', name), 'utf8').trimEnd();
    const records = file('sheet.records.jsonl')
      .split('\n')
      .map((line) => JSON.parse(line) as FaceRecordJson);
    const at = (seconds: number): FaceRecordJson => records[Math.round(seconds * 25)]!;
    for (const seconds of [0.4, 1.88]) {
      expect(at(seconds)).toMatchObject({ validity: 'ok', cover: { mouth: { covered: false } }, emotionWidening: 1 });
      expect(at(seconds).actionUnits!['12']!.presence).not.toBeNull();
    }
    const hidden = at(1.28);
    expect(hidden.cover).toMatchObject({
      mouth: { covered: true },
      chin: { covered: true },
      leftEye: { covered: false },
    });
    expect(hidden.actionUnits!['12']).toEqual({ presence: null, intensity: null, active: null });
    expect(hidden.missing['actionUnits.12']).toBe('occluded');
    expect(hidden.actionUnits!['4']!.presence).not.toBeNull();
    const [head, ...rows] = file('sheet.csv').split('\n');
    const column = head!.split(',').indexOf('covered_mouth');
    expect([rows[10], rows[32]].map((row) => row!.split(',')[column])).toEqual(['false', 'true']);
  }, 120_000);
});

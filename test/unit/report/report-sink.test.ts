import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeSeries, nearestBucket } from '../../../dashboards/report/src/series.js';
import { EMOTIONS } from '../../../src/domain/affect.js';
import { VALIDITY } from '../../../src/domain/face.js';
import { pageScript } from '../../../src/report/page-script.js';
import type { ReportData } from '../../../src/report/report-data.js';
import { createReportSink } from '../../../src/report/report-sink.js';
import { type ReportFixture, reportFixture } from '../../support/report-fixture.js';
import { drawFixtureFrame } from '../../support/report-frames.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mien-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(fixture: ReportFixture, options: { pictures?: boolean } = {}): Promise<string> {
  const path = join(folder, 'report.html');
  const sink = await createReportSink({ path, run: fixture.run, overwrite: true });
  for (const [index, frame] of fixture.frames.entries()) {
    await sink.records(frame.records);
    if (options.pictures) await sink.frame(drawFixtureFrame(frame, index), frame.records);
  }
  for (const episode of fixture.episodes) await sink.episode(episode);
  await sink.close(fixture.summary);
  return readFile(path, 'utf8');
}

const dataOf = (html: string): ReportData =>
  JSON.parse(/<script type="application\/json" id="report-data">([^<]*)<\/script>/.exec(html)![1]!);

/** Names of open elements must match their ends; void elements have none. */
function unbalanced(html: string): string[] {
  const text = html.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>/g, '');
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, slash, name] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s(?:[^"'>]|"[^"]*"|'[^']*')*)?>/g)) {
    if (['meta', 'link', 'img', 'input', 'br'].includes(name!)) continue;
    if (!slash) open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...wrong, ...open];
}

describe('createReportSink', () => {
  test('the data in the page are those of the records', async () => {
    const fixture = reportFixture({ seconds: 20 });
    const html = await write(fixture);
    const data = dataOf(html);
    expect(data.tracks.map(({ id }) => id).sort()).toEqual([1, 2]);
    expect(data.episodes).toHaveLength(fixture.episodes.length);
    const track = data.tracks.find(({ id }) => id === 1)!;
    const series = decodeSeries(track.series, data.tickUs);
    expect(series.times).toHaveLength(fixture.frames.length);
    for (const { ptsUs, records } of fixture.frames) {
      const record = records[0]!;
      const at = nearestBucket(series.times, ptsUs / 1e6);
      expect(series.times[at]).toBeCloseTo(ptsUs / 1e6, 4);
      expect(series.categories[VALIDITY.indexOf(record.validity)]![at]).toBe(1);
      for (const stage of ['raw', 'baselined', 'smoothed'] as const) {
        const shares = record.emotions?.[stage] ?? null;
        for (const channel of EMOTIONS.keys()) {
          const value = series.groups[`emotions.${stage}`]!.mean[channel]![at];
          if (shares === null) expect(value).toBeNaN();
          else expect(value).toBeCloseTo(shares[channel]!, 4);
        }
      }
      expect(series.groups.pose!.mean[1]![at]).toBeCloseTo((record.pose!.yaw * 180) / Math.PI, 2);
    }
  });

  test('notes of the run and of its summary are on the page, as text', async () => {
    const fixture = reportFixture({ seconds: 2 });
    expect(await write(fixture)).not.toContain('About this file');
    const html = await write({
      ...fixture,
      run: { ...fixture.run, notes: ['turned by 90 degrees'] },
      summary: { ...fixture.summary, notes: ['2 pictures <b>are</b> damaged'] },
    });
    expect(html).toContain('<li>turned by 90 degrees</li><li>2 pictures &lt;b&gt;are&lt;/b&gt; damaged</li>');
    expect(unbalanced(html)).toEqual([]);
  });

  test('action units: smoothed intensity and presence of each, in the order of the face', async () => {
    const fixture = reportFixture({ seconds: 24, units: true });
    const data = dataOf(await write(fixture));
    expect(data.units.map(({ code }) => code).slice(0, 8)).toEqual([
      'AU1',
      'AU2',
      'AU4',
      'AU5',
      'AU6',
      'AU7',
      'AU45',
      'AU9',
    ]);
    const series = decodeSeries(data.tracks.find(({ id }) => id === 1)!.series, data.tickUs);
    for (const [at, { records }] of fixture.frames.entries()) {
      for (const { code, channel } of data.units) {
        const reading = records[0]!.actionUnits?.[code.slice(2)];
        const [strength, sure] = ['actionUnits.intensity', 'actionUnits.presence'].map(
          (name) => series.groups[name]!.mean[channel]![at]!,
        );
        if (!reading) expect([strength, sure]).toEqual([Number.NaN, Number.NaN]);
        else {
          expect(Math.abs(strength! - reading.intensity!.smoothed)).toBeLessThan(5 / 254);
          expect(Math.abs(sure! - reading.presence!.smoothed)).toBeLessThan(1 / 254);
        }
      }
    }
  });

  test('names the action units of a run, of a face and of its pictures; a run without any has none of this', async () => {
    const html = await write(reportFixture({ seconds: 16, units: true }), { pictures: true });
    expect(html).toMatch(/The longest active facial movements were AU\d+ [a-z ]+ \(/);
    expect(html).toMatch(/most active AU\d+ [a-z ]+ \d+/);
    expect(html).toMatch(/alt="Face 1 at [\d:.]+: happiness, [^"]*; AU12 lip corner puller, AU6 cheek raiser/);
    expect(html).toContain('action unit episodes');
    expect(html).toContain('models/mien-affect/card.md');
    expect(html).not.toContain('facial action units (AU presence and intensity)');
    expect(unbalanced(html)).toEqual([]);
    const without = (await write(reportFixture({ seconds: 16 }), { pictures: true })).replace(
      /<script[\s\S]*?<\/script>/g,
      '',
    );
    expect(without).not.toMatch(/AU\d|action unit episodes|class="units"/);
    expect(without).toContain('facial action units (AU presence and intensity)');
  });

  test('is one balanced document that loads nothing', async () => {
    const html = await write(reportFixture({ seconds: 8 }), { pictures: true });
    expect(unbalanced(html)).toEqual([]);
    expect(html).toContain('data:image/jpeg;base64,');
    expect(html).not.toMatch(/(src|href)="(?!data:|#)/);
    expect(html).not.toMatch(/https?:\/\/|@import url|url\(/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain(`'sha256-${pageScript('report').sha256Base64}'`);
  });

  test.each([
    '</script><script>alert(1)</script>.mp4',
    `"quotes" & 'more' <img src=x onerror=alert(1)>.mp4`,
    'видео 面試 🎬 \u202egpj.mp4',
    'line\u2028separator\u0000.mp4',
  ])('holds a hostile name as text: %j', async (fileName) => {
    const fixture = reportFixture({ seconds: 2, fileName });
    const run = { ...fixture.run, options: { [fileName]: fileName } };
    const episode = { ...reportFixture({ seconds: 12 }).episodes[0]!, label: fileName };
    const html = await write({ ...fixture, run, episodes: [episode] });
    expect(unbalanced(html)).toEqual([]);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('\u202e');
    expect(dataOf(html).episodes[0]!.label).toBe(fileName);
  });

  test('two runs of one input give the same bytes', async () => {
    const [first, second] = [
      await write(reportFixture({ seconds: 6 }), { pictures: true }),
      await write(reportFixture({ seconds: 6 }), { pictures: true }),
    ];
    expect(second).toBe(first);
  });

  test('an hour stays under 2 MB, action units and all', async () => {
    const html = await write(reportFixture({ seconds: 3600, units: true }));
    const data = dataOf(html);
    expect(data.tracks.reduce((sum, { series }) => sum + series.buckets, 0)).toBeLessThanOrEqual(6000);
    // 60 pictures of at most 7 kB in base64 come on top.
    expect(html.length + 60 * 9500).toBeLessThan(2_000_000);
  });

  test('a video without a face, or without frames, still makes a page', async () => {
    const fixture = reportFixture({ seconds: 1 });
    const frames = fixture.frames.map(({ ptsUs, records }) => ({
      ptsUs,
      records: [{ ...records[0]!, track: null, box: null, validity: 'no-face' as const, emotions: null }],
    }));
    const coverage = { ...fixture.summary.coverage, ok: 0, 'no-face': frames.length };
    const summary = { ...fixture.summary, coverage, tracks: 0 };
    expect(await write({ ...fixture, frames, episodes: [], summary })).toContain('No face was found');
    const none = {
      ...summary,
      frames: 0,
      firstPtsUs: null,
      lastPtsUs: null,
      status: 'damaged' as const,
      problem: 'cut at 0',
    };
    expect(await write({ ...fixture, frames: [], episodes: [], summary: none })).toContain('cut at 0');
  });

  test('the script of the page is one valid script', () => {
    expect(() => new Function(pageScript('report').text)).not.toThrow();
  });

  test('refuses an existing file and a folder that is missing, before any work', async () => {
    const { run } = reportFixture({ seconds: 1 });
    const path = join(folder, 'there.html');
    await writeFile(path, 'kept');
    await expect(createReportSink({ path, run, overwrite: false })).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(path, 'utf8')).toBe('kept');
    const missing = join(folder, 'missing', 'report.html');
    await expect(createReportSink({ path: missing, run, overwrite: false })).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE',
    });
    expect(await readdir(folder)).toEqual(['there.html']);
  });
});

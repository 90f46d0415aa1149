import { describe, expect, it } from 'vitest';
import {
  eventsCsv,
  eventsJsonl,
  recordsCsv,
  recordsJsonl,
  withCameras,
} from '../../../dashboards/web/src/model/export-text.js';
import { filterEvents, labelsOf, NO_FILTER } from '../../../dashboards/web/src/model/filters.js';
import type { EventKind, PageEvent } from '../../../dashboards/web/src/model/state.js';
import { subscriptionsFor } from '../../../dashboards/web/src/model/subscription.js';
import { unitRows } from '../../../dashboards/web/src/model/unit-rows.js';
import { agoText, eventTitle, lengthText, liveText, statusNow, troubleOf } from '../../../dashboards/web/src/words.js';
import { clientMessage } from '../../../src/protocol/messages.js';
import { recordColumns } from '../../../src/record/record-columns.js';
import { csvRow } from '../../../src/sinks/csv-sink.js';
import { readCsv } from '../../support/csv-reader.js';
import { cameraState, json, START_MS } from '../../support/dashboard-messages.js';
import { FAKE_UNITS, fakeFace } from '../../support/fake-faces.js';

const event = (id: string, kind: EventKind, source: string, label: string): PageEvent => ({
  id,
  kind,
  source,
  track: 1,
  label,
  atMs: START_MS,
  apexMs: START_MS + 500,
  endMs: START_MS + 1250,
  peak: 0.8,
  confidence: 0.7,
  detail: '',
});

const events = [
  event('a', 'emotion', 'door', 'happiness'),
  event('b', 'action-unit', 'door', 'AU12'),
  event('c', 'action-unit', 'desk', 'AU2'),
  event('d', 'blink', 'desk', 'blink'),
  event('e', 'emotion', 'desk', 'anger'),
];

describe('filters', () => {
  it.each([
    [{}, 'edcba'],
    [{ source: 'desk' }, 'edc'],
    [{ kind: 'action-unit' }, 'cb'],
    [{ kind: 'emotion', source: 'door' }, 'a'],
    [{ label: 'AU12' }, 'b'],
    [{ kind: 'insight' }, ''],
  ] as const)('%o shows %s, newest first', (change, ids) => {
    const { shown, total } = filterEvents(events, { ...NO_FILTER, ...change }, 10);
    expect(shown.map(({ id }) => id).join('')).toBe(ids);
    expect(total).toBe(ids.length);
  });

  it('counts what a limit leaves out', () => {
    const { shown, total } = filterEvents(events, NO_FILTER, 2);
    expect([shown.map(({ id }) => id).join(''), total]).toEqual(['ed', 5]);
  });

  it('offers the labels of what the other filters leave, numbers in order', () => {
    expect(labelsOf(events, { ...NO_FILTER, kind: 'action-unit', label: 'AU12' })).toEqual(['AU2', 'AU12']);
  });
});

describe('export', () => {
  const face = fakeFace({ source: 'door', frame: 7, seconds: 1.36, track: 1, people: 1, widthPx: 640, heightPx: 360 });

  it('writes the CSV that the analysis of a file writes', () => {
    const text = [...recordsCsv([json(face)], FAKE_UNITS)].join('');
    const columns = recordColumns(FAKE_UNITS);
    const [head, row] = readCsv(text);
    expect(head).toEqual(columns.map(({ name }) => name));
    expect(row).toEqual(readCsv(`${csvRow(face, columns)}\n`)[0]);
  });

  it('writes records as lines of JSON', () => {
    const lines = [...recordsJsonl([json(face), json(face)])];
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toEqual(json(face));
  });

  it('writes events with instants and seconds; quoted where needed, empty where open', () => {
    const open = { ...event('x', 'emotion', 'door', 'a "b", c'), endMs: null, peak: null };
    const [head, first, second] = readCsv([...eventsCsv([events[0]!, open])].join(''));
    const value = (row: readonly string[] | undefined, name: string) => row?.[head!.indexOf(name)];
    expect(value(first, 'start')).toBe('2026-02-01T12:00:00.000Z');
    expect(value(first, 'duration_s')).toBe('1.25');
    expect(value(second, 'label')).toBe('a "b", c');
    expect([value(second, 'end'), value(second, 'duration_s'), value(second, 'peak')]).toEqual(['', '', '']);
    const [line] = [...eventsJsonl([open])];
    expect(JSON.parse(line!)).toMatchObject({ kind: 'emotion', end: null, duration_s: null });
  });
});

describe('export of cameras', () => {
  it('puts what happened to cameras among the events, by time, and leaves the server out', () => {
    const entry = { id: 'x', source: 'desk', atMs: START_MS + 100, endMs: null, note: '' } as const;
    const lastEnd = { reason: 'stalled', message: '' } as const;
    const away = { ...entry, what: 'away', camera: cameraState('desk', { status: 'waiting', lastEnd }) } as const;
    const server = { ...entry, id: 'y', what: 'server', source: null, camera: null } as const;
    const later = { ...events[0]!, atMs: START_MS + 200 };
    const [head, ...rows] = readCsv([...eventsCsv(withCameras([events[1]!, later], [away, server]))].join(''));
    expect(rows.map((row) => row[head!.indexOf('kind')])).toEqual(['action-unit', 'camera', 'emotion']);
    expect(rows[1]!.slice(0, 4)).toEqual(['camera', 'desk', '', 'away']);
    expect(rows[1]!.at(-1)).toBe('stalled');
  });
});

describe('the subscriptions', () => {
  const wishes = { cameras: 2, landmarks: '68', blurFaces: false, visible: true, wall: false, only: null } as const;

  it.each([1, 4, 9, 30])('are what the server takes, with %i cameras', (cameras) => {
    const { readings, pictures } = subscriptionsFor({ ...wishes, cameras, blurFaces: true });
    expect(clientMessage.parse({ type: 'subscribe', id: 's1', ...readings })).toMatchObject({ landmarks: '68' });
    expect(clientMessage.parse({ type: 'subscribe', id: 's2', ...pictures })).toMatchObject({
      preview: { blurFaces: true },
    });
  });

  it('ask for smaller and fewer pictures of more cameras, for larger ones on a wall, and for none while hidden', () => {
    const of = (cameras: number, wall = false) => subscriptionsFor({ ...wishes, cameras, wall }).pictures!.preview!;
    expect(of(12).maxFps!).toBeLessThan(of(1).maxFps!);
    expect(of(12).maxSidePx!).toBeLessThan(of(1).maxSidePx!);
    expect(of(9, true).maxSidePx!).toBeGreaterThan(of(9).maxSidePx!);
    const hidden = subscriptionsFor({ ...wishes, visible: false });
    expect(hidden.readings.kinds).toEqual(['faces', 'episodes', 'insights', 'rules', 'states', 'stats']);
    expect(hidden.pictures).toBeNull();
  });

  it('ask for the pictures of a camera that fills the screen alone, as large as those of an only one', () => {
    const alone = subscriptionsFor({ ...wishes, cameras: 9, wall: true, only: 'door' });
    expect(alone.pictures).toEqual({
      ...subscriptionsFor({ ...wishes, cameras: 1, wall: true }).pictures,
      sources: ['door'],
    });
    expect(alone.readings.sources).toBe('*');
  });
});

describe('words', () => {
  const at = (more: Parameters<typeof cameraState>[1]) => troubleOf(cameraState('door', more), START_MS);

  it('says plainly why a camera is away, and when it is tried again', () => {
    const lastEnd = { reason: 'unauthorised', message: '401' } as const;
    const retryAt = new Date(START_MS + 4200).toISOString();
    expect(at({})).toBe('');
    expect(at({ status: 'waiting', lastEnd, retryAt })).toBe(
      'It refuses access: check user name, password and permissions. Next try in 5\u00a0s.',
    );
    expect(at({ status: 'waiting', lastEnd, retryAt: new Date(START_MS - 1).toISOString() })).toBe(
      'It refuses access: check user name, password and permissions. Trying again now.',
    );
    const since = new Date(START_MS - 90_000).toISOString();
    expect(at({ status: 'waiting', lastEnd, retryAt, attempts: 12, since })).toMatch(
      /permissions\. Tried 12 times since \d\d:\d\d:\d\d\. Next try in 5\u00a0s\.$/,
    );
    expect(at({ damagedSince: since, decodeErrors: 64 })).toBe(
      'Pictures arrive damaged and are not read: 64 decode errors. Check its network.',
    );
    expect(at({ status: 'failed', lastEnd: { reason: 'unusable', message: '' } })).toBe(
      'Its settings or software do not work here. It is not tried again until its settings change.',
    );
    const said = 'there is no video stream, only other media: give the address of the video';
    const audioOnly = { reason: 'undecodable', message: `${cameraState('door').address}: ${said}` } as const;
    expect(at({ status: 'waiting', lastEnd: audioOnly })).toBe(
      `What it sends cannot be read as video: ${said}. Trying again now.`,
    );
    const ended = { reason: 'ended', message: `${cameraState('door').address}: the stream ended` } as const;
    expect(at({ status: 'waiting', lastEnd: ended })).toBe('The stream ended. Trying again now.');
    expect(at({ status: 'starting' })).toBe('Waiting for the first picture.');
  });

  it.each([
    [4.25, '4.3\u00a0s'],
    [59.6, '60\u00a0s'],
    [125, '2\u00a0min 5\u00a0s'],
    [7500, '2\u00a0h 5\u00a0min'],
    [3 * 86_400 + 7200, '3\u00a0d 2\u00a0h'],
  ])('%f seconds are %s', (seconds, text) => expect(lengthText(seconds)).toBe(text));

  it('counts as live what is read: no camera that is away, and none whose pictures are damaged', () => {
    const damaged = cameraState('yard', { damagedSince: new Date(START_MS).toISOString() });
    expect(liveText([cameraState('door'), damaged, cameraState('gate', { status: 'waiting' })])).toBe(
      '1 of 3 cameras live',
    );
  });

  it('tells how far back, and names action units', () => {
    expect(agoText(94)).toBe('1:34 ago');
    expect(eventTitle({ kind: 'action-unit', label: 'AU12' })).toBe('AU12 lip corner puller');
  });

  it('calls no camera live whose pictures arrive damaged', () => {
    const running = cameraState('door');
    expect(statusNow(running, true)).toEqual({ name: 'running', text: 'Live' });
    expect(statusNow({ ...running, damagedSince: running.since }, true)).toEqual({
      name: 'damaged',
      text: 'Damaged pictures',
    });
  });

  it('says of a live camera what is read less often', () => {
    const reduced = { since: new Date(START_MS).toISOString(), looks: ['affect' as const], perSecond: 10 };
    const busy = cameraState('yard', { reduced });
    expect(statusNow(busy, true).text).toBe('Live');
    expect(troubleOf(busy, START_MS)).toBe('Expressions read at most 10 times a second: the processor is busy.');
  });

  it('says how far the analysis of a camera is behind in place of "Live"', () => {
    const behind = cameraState('yard', { behindSince: new Date(START_MS).toISOString(), behindMs: 3_420 });
    expect(statusNow(behind, true)).toEqual({ name: 'behind', text: 'Analysis behind, 3.4 s' });
    expect(statusNow({ ...behind, status: 'waiting' }, true).name).toBe('waiting');
    expect(liveText([cameraState('door'), behind])).toBe('1 of 2 cameras live, 1 behind');
  });

  it('puts the sides of a unit in its row, upper face first', () => {
    const rows = unitRows(['12', '1', '12L', '12R', '14L']);
    expect(rows.map(({ unit, place, left, right }) => [unit.code, place, left, right])).toEqual([
      ['AU1', 1, -1, -1],
      ['AU12', 0, 2, 3],
      ['AU14', -1, 4, -1],
    ]);
  });
});

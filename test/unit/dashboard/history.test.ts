import { describe, expect, it } from 'vitest';
import { History } from '../../../dashboards/web/src/model/history.js';
import { liveMoment, momentAt } from '../../../dashboards/web/src/model/moment.js';
import { createPacker } from '../../../dashboards/web/src/model/packed-face.js';
import { activeKeys, labelOf, peopleAt } from '../../../dashboards/web/src/model/people.js';
import { TimedList } from '../../../dashboards/web/src/model/timed-list.js';
import { settle, shownMs } from '../../../dashboards/web/src/model/view-clock.js';
import { heldText } from '../../../dashboards/web/src/words.js';
import { EMOTIONS, type Emotion } from '../../../src/domain/affect.js';
import { placeOf } from '../../../src/record/packing.js';
import { recordLine } from '../../../src/record/record-json.js';
import { facesMessage, json, START_MS } from '../../support/dashboard-messages.js';
import { FAKE_UNITS, fakeFace } from '../../support/fake-faces.js';
import { emptyFrame } from '../../support/record-builders.js';

function picture(history: History, seconds: number, more: { source?: string; bytes?: number } = {}): void {
  const { source = 'door', bytes = 1000 } = more;
  const ptsUs = Math.round(seconds * 1e6);
  const header = { type: 'preview', id: 's1', source, ptsUs, widthPx: 640, heightPx: 360 } as const;
  history.addPicture(header, { data: seconds, bytes }, START_MS + seconds * 1000);
}

function filled(seconds: number, options: ConstructorParameters<typeof History>[0] = {}): History {
  const history = new History(options);
  history.restart(FAKE_UNITS);
  for (let at = 0; at < seconds * 25; at++) {
    history.addFaces(facesMessage({ seconds: at / 25, people: 2 }));
    picture(history, at / 25);
  }
  return history;
}

describe('a timed list', () => {
  it('finds by time and drops the oldest', () => {
    const list = new TimedList((time: number) => time);
    for (const time of [10, 20, 40, 30]) list.push(time);
    expect([...list]).toEqual([10, 20, 30, 40]);
    expect([list.at(9), list.at(10), list.at(35), list.at(99)]).toEqual([undefined, 10, 30, 40]);
    expect([list.nearest(24, 5), list.nearest(26, 5), list.nearest(50, 5)]).toEqual([20, 30, undefined]);
    expect([list.shift(), list.oldest, list.length]).toEqual([10, 20, 3]);
    for (let time = 100; time < 400; time++) list.push(time);
    while (list.length > 5) list.shift();
    expect([...list]).toEqual([395, 396, 397, 398, 399]);
  });
});

describe('packed faces', () => {
  it('come back as the server sent them', () => {
    const packer = createPacker(FAKE_UNITS);
    for (const seconds of [0, 0.04, 1.36, 7.2]) {
      const record = fakeFace({
        source: 'door',
        frame: 3,
        seconds,
        track: 2,
        people: 2,
        widthPx: 640,
        heightPx: 360,
      });
      const sent = json(record);
      const { source, frame, ptsUs, wallTime } = sent;
      expect(packer.unpack(packer.pack(sent), { source, frame, ptsUs, wallTime })).toEqual(sent);
    }
  });

  it('keep the note that a frame has no face', () => {
    const packer = createPacker(FAKE_UNITS);
    const sent = JSON.parse(recordLine({ ...emptyFrame(4), source: 'door' }, 'none'));
    const { source, frame, ptsUs, wallTime } = sent;
    expect(packer.unpack(packer.pack(sent), { source, frame, ptsUs, wallTime })).toEqual(sent);
  });

  it('hold 68 landmarks to a quarter of a pixel', () => {
    const packer = createPacker(FAKE_UNITS);
    const sent = facesMessage({ seconds: 1, landmarks: '68' }).faces[0]!;
    const { points } = packer.pack(sent);
    expect(points).toHaveLength(136);
    expect(Math.abs(points![20]! / 4 - sent.landmarks![30]!)).toBeLessThanOrEqual(0.125);
    expect(Math.abs(points![21]! / 4 - sent.landmarks![31]!)).toBeLessThanOrEqual(0.125);
  });
});

describe('the history', () => {
  it('reaches back as far as its window, and no further', () => {
    const history = filled(8, { windowMs: 5000 });
    const span = history.span()!;
    expect(span.toMs - span.fromMs).toBe(5000);
    const camera = history.cameras.get('door')!;
    expect(camera.frames.length).toBe(126);
    expect(camera.tracks.get(1)!.length).toBe(126);
  });

  it('stays within its bytes, whatever the window', () => {
    const faces = filled(4, { maxFaceBytes: 50_000 });
    expect(faces.bytes.faces).toBeLessThanOrEqual(50_000);
    expect(faces.cameras.get('door')!.frames.length).toBeGreaterThan(10);
    const pictures = filled(4, { maxPictureBytes: 20_000 });
    expect(pictures.bytes.pictures).toBe(20_000);
    expect(pictures.cameras.get('door')!.pictures.length).toBe(20);
  });

  it('takes the bytes of all cameras together, oldest first', () => {
    const history = new History({ maxPictureBytes: 3000 });
    for (const [seconds, source] of [
      [1, 'door'],
      [2, 'desk'],
      [3, 'door'],
      [4, 'desk'],
    ] as const) {
      picture(history, seconds, { source });
    }
    expect([...history.cameras.get('door')!.pictures].map(({ picture: data }) => data)).toEqual([3]);
    expect([...history.cameras.get('desk')!.pictures].map(({ picture: data }) => data)).toEqual([2, 4]);
  });

  it('thins pictures that are no longer fresh, and keeps every face', () => {
    const history = filled(20, { freshMs: 4000, thinnedMs: 500 });
    const { pictures, frames } = history.cameras.get('door')!;
    const old = [...pictures].filter(({ atMs }) => atMs < START_MS + 14_000);
    expect(old.length).toBeGreaterThanOrEqual(26);
    expect(old.length).toBeLessThanOrEqual(29);
    expect([...pictures].filter(({ atMs }) => atMs >= START_MS + 16_000).length).toBe(100);
    expect(frames.length).toBe(500);
    expect(history.bytes.pictures).toBe(pictures.length * 1000);
  });

  it('forgets a removed camera, all pictures on demand, and everything of another run', () => {
    const history = filled(2);
    history.addFaces(facesMessage({ seconds: 1, source: 'desk' }));
    history.forgetPictures();
    expect(history.bytes.pictures).toBe(0);
    expect(history.cameras.get('door')!.pictures.length).toBe(0);
    history.forget('door');
    expect([...history.cameras.keys()]).toEqual(['desk']);
    history.restart([]);
    expect([history.bytes.faces, history.span()]).toEqual([0, null]);
  });

  it('drops the series of a track with its last frame', () => {
    const history = new History({ windowMs: 1000 });
    history.restart(FAKE_UNITS);
    history.addFaces(facesMessage({ seconds: 0, people: 2 }));
    for (let at = 1; at <= 30; at++) history.addFaces(facesMessage({ seconds: at / 10, people: 1 }));
    expect([...history.cameras.get('door')!.tracks.keys()]).toEqual([1]);
  });
});

describe('moments', () => {
  const history = (frames: readonly number[], pictures: readonly number[]) => {
    const made = new History();
    made.restart(FAKE_UNITS);
    const all = [...frames.map((at) => ({ at, what: 'frame' })), ...pictures.map((at) => ({ at, what: 'picture' }))];
    for (const { at, what } of all.sort((a, b) => a.at - b.at)) {
      if (what === 'frame') made.addFaces(facesMessage({ seconds: at }));
      else picture(made, at);
    }
    return made.cameras.get('door')!;
  };

  it.each([
    { name: 'same time', frames: [1, 1.04], pictures: [1, 1.04], picture: 1.04, frame: 1.04 },
    { name: 'picture ahead of its faces', frames: [1, 1.04], pictures: [1, 1.04, 1.08], picture: 1.04, frame: 1.04 },
    { name: 'exact pair before a near one', frames: [1, 1.08], pictures: [1, 1.06], picture: 1, frame: 1 },
    { name: 'nothing exact: the nearest', frames: [1, 1.1], pictures: [1.06], picture: 1.06, frame: 1.1 },
    { name: 'too far apart', frames: [1], pictures: [0.5], picture: 0.5, frame: null },
    { name: 'analysis stands still', frames: [1], pictures: [1, 3], picture: 3, frame: null },
    { name: 'no pictures', frames: [1, 2], pictures: [], picture: null, frame: 2 },
  ])('live, $name', ({ frames, pictures, picture: wanted, frame }) => {
    const moment = liveMoment(history(frames, pictures));
    expect(moment.picture?.picture ?? null).toBe(wanted);
    expect(moment.frame && moment.frame.ptsUs / 1e6).toBe(frame);
  });

  it('in the past shows the last picture up to then with the faces of its own time', () => {
    const camera = history([1, 1.2, 1.4, 1.6], [1, 1.4]);
    const moment = momentAt(camera, START_MS + 1500);
    expect([moment.picture!.picture, moment.frame!.ptsUs]).toEqual([1.4, 1.4e6]);
    expect(momentAt(camera, START_MS + 9000)).toEqual({ picture: null, frame: null });
  });
});

describe('people', () => {
  it('are listed by camera and number, linger, and leave', () => {
    const history = new History();
    history.restart(FAKE_UNITS);
    for (let at = 0; at <= 10; at++) history.addFaces(facesMessage({ seconds: at / 10, people: 2 }));
    for (let at = 11; at <= 60; at++) history.addFaces(facesMessage({ seconds: at / 10, people: 1 }));
    history.addFaces(facesMessage({ seconds: 6, source: 'desk' }));
    const keys = (seconds: number | null) =>
      peopleAt(history, {
        atMs: seconds === null ? null : START_MS + seconds * 1000,
        nowMs: START_MS + 6000,
        order: ['desk', 'door'],
      }).map(({ key }) => key);
    expect(keys(0.5)).toEqual(['door/1', 'door/2']);
    expect(keys(3)).toEqual(['door/1', 'door/2']);
    expect(keys(4)).toEqual(['door/1']);
    expect(keys(null)).toEqual(['desk/1', 'door/1']);
  });

  it('are gone when their camera falls silent', () => {
    const history = new History();
    history.restart(FAKE_UNITS);
    history.addFaces(facesMessage({ seconds: 1 }));
    const at = (nowMs: number) => peopleAt(history, { atMs: null, nowMs, order: ['door'] }).length;
    expect([at(START_MS + 2000), at(START_MS + 9000)]).toEqual([1, 0]);
  });

  it('stay while the analysis of their camera is behind', () => {
    const history = new History();
    history.restart(FAKE_UNITS);
    history.addFaces(facesMessage({ seconds: 1 }));
    const at = (behindMs: number) =>
      peopleAt(history, {
        atMs: null,
        nowMs: START_MS + 5000,
        order: ['door'],
        behindMs: new Map([['door', behindMs]]),
      });
    expect([at(0).length, at(3400).length]).toEqual([0, 1]);
  });

  it('name their active units, strongest first, without the sides of a named unit', () => {
    const sent = facesMessage({ seconds: 0.6 }).faces[0]!;
    const reading = (intensity: number, active: boolean) => ({
      presence: { raw: 0.9, baselined: null, smoothed: 0.9 },
      intensity: { raw: intensity, baselined: null, smoothed: intensity },
      active,
    });
    const actionUnits = {
      '1': reading(1, true),
      '12': reading(3, true),
      '12L': reading(4, true),
      '14R': reading(2, true),
      '25': reading(4, false),
    };
    const keys = Object.keys(actionUnits);
    expect(activeKeys(createPacker(keys).pack({ ...sent, actionUnits }), keys)).toEqual(['12', '14R', '1']);
  });
});

describe('the clock of the view', () => {
  const span = { fromMs: 1000, toMs: 9000 };
  it.each([
    { name: 'live stays live', clock: { mode: 'live' }, now: 50, shown: null },
    { name: 'held stays', clock: { mode: 'held', atMs: 5000 }, now: 50, shown: 5000 },
    { name: 'held at the oldest moment left', clock: { mode: 'held', atMs: 500 }, now: 50, shown: 1000 },
    { name: 'playing moves on', clock: { mode: 'playing', fromMs: 5000, startedAt: 0 }, now: 700, shown: 5700 },
    {
      name: 'playing to the end is live',
      clock: { mode: 'playing', fromMs: 5000, startedAt: 0 },
      now: 4000,
      shown: null,
    },
  ] as const)('$name', ({ clock, now, shown }) => {
    expect(shownMs(settle(clock, { span, now }), now)).toBe(shown);
  });
});

describe('the label in force', () => {
  const held = (label: Emotion, shares: Partial<Record<Emotion, number>>): string => {
    const face = createPacker(FAKE_UNITS).pack(facesMessage({ seconds: 1, people: 1 }).faces[0]!);
    for (const [place, emotion] of EMOTIONS.entries())
      face.values[placeOf('emotions.smoothed') + place] = shares[emotion] ?? 0.01;
    face.values[placeOf('confidence')] = shares[label] ?? 0.01;
    return heldText(labelOf({ ...face, kept: { ...face.kept, label } })!);
  };

  it('tells how sure it is while it leads, and that it changes while another does', () => {
    expect(held('happiness', { happiness: 0.92 })).toBe('happiness 92\u00a0%');
    expect(held('neutral', { happiness: 0.92 })).toBe('neutral, changing');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { answerRequests, CameraRequests, packPicture, unpackPicture } from '../../../src/cluster/camera-requests.js';
import { pack } from '../../../src/cluster/wire.js';
import { AffectError } from '../../../src/domain/errors.js';
import { micros } from '../../../src/domain/units.js';
import { recordLine } from '../../../src/record/record-json.js';
import { createFakeLiveSystem, type FakeLiveSystem } from '../../support/fake-live-system.js';
import { MemoryBus } from '../../support/memory-bus.js';
import { emptyFrame, faceRecord } from '../../support/record-builders.js';

const PICTURE = { source: 'door', ptsUs: micros(5), widthPx: 4, heightPx: 3, jpeg: Uint8Array.of(0xff, 0xd8, 0) };

describe('what a gateway asks of the machine that reads a camera', () => {
  let bus: MemoryBus;
  let system: FakeLiveSystem;
  let requests: CameraRequests;
  beforeEach(() => {
    bus = new MemoryBus();
    system = createFakeLiveSystem();
    requests = new CameraRequests(bus.bus, { askMs: 1_000 });
  });
  type Answers = Parameters<typeof answerRequests>[2];
  const answer = (more: Partial<Answers> = {}): (() => void) => {
    const answers = {
      latestFaces: () => [faceRecord(1), emptyFrame(1)],
      snapshot: async () => PICTURE,
      ask: system.ask,
      pushFrame: system.pushFrame,
      ...more,
    } as Answers;
    return answerRequests(bus.bus, 'door', answers);
  };

  it('faces come with their meshes', async () => {
    answer();
    const lines = (await requests.faces('door')).map((record) => recordLine(record, '468'));
    expect(lines).toEqual([faceRecord(1), emptyFrame(1)].map((record) => recordLine(record, '468')));
  });

  it('a snapshot is blurred when that is asked, and may be none', async () => {
    const asked: boolean[] = [];
    const end = answer({
      snapshot: async (_, { blurFaces }) => {
        asked.push(blurFaces);
        return blurFaces ? PICTURE : null;
      },
    });
    expect(await requests.snapshot('door', true)).toEqual(PICTURE);
    expect(await requests.snapshot('door', false)).toBeNull();
    expect(asked).toEqual([true, false]);
    end();
  });

  it('an answer to a question comes as it was given', async () => {
    system.tick();
    answer();
    const insight = await requests.ask('door', { track: 1, question: 'Is it a smile?' });
    expect(insight).toMatchObject({ source: 'door', insight: { track: 1 }, evidenceJpeg: null });
    expect(Object.keys(insight)).not.toContain('type');
  });

  it('a question that nobody waits for any more is given up there, and no other one', async () => {
    const gone: AbortSignal[] = [];
    answer({
      ask: (_, asked) =>
        new Promise((_resolve, reject) => {
          gone.push(asked.gone!);
          asked.gone!.addEventListener('abort', () => reject(new AffectError('ENGINE_UNAVAILABLE', 'given up')));
        }),
    });
    const left = new AbortController();
    const first = requests.ask('door', { track: 1, question: 'Who?', gone: left.signal });
    void requests.ask('door', { track: 1, question: 'Why?' }).catch(() => undefined);
    await expect.poll(() => gone.length).toBe(2);
    left.abort();
    await expect(first).rejects.toThrow('given up');
    expect(gone.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('a refusal is the same error here', async () => {
    system.tick();
    answer();
    await expect(requests.ask('door', { track: 99, question: 'Who?' })).rejects.toMatchObject({
      code: 'TRACK_UNKNOWN',
      message: expect.stringContaining('does not see face 99'),
    });
  });

  it('what goes wrong there without a code, or with one that is not known here, is an error with words', async () => {
    const end = answer({
      ask: async () => {
        throw new Error('out of memory');
      },
    });
    await expect(requests.ask('door', { track: 1, question: 'Who?' })).rejects.toThrow('out of memory');
    end();
    bus.connection.subscribe(bus.names.requests('door'), {
      callback: (_, message) => message.respond(pack({ refused: { code: 'OF_TOMORROW', message: 'not yet' } })),
    });
    const refused = requests.ask('door', { track: 1, question: 'Who?' });
    await expect(refused).rejects.toMatchObject({ code: 'ENGINE_UNAVAILABLE', message: 'not yet' });
    await expect(refused).rejects.toBeInstanceOf(AffectError);
  });

  it('when no machine reads the camera there are no faces, no picture, and no answer', async () => {
    answer()();
    expect(bus.subscribers).toBe(0);
    expect(await requests.faces('door')).toEqual([]);
    expect(await requests.snapshot('door', false)).toBeNull();
    await expect(requests.ask('door', { track: 1, question: 'Who?' })).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('no machine reads camera door'),
    });
  });

  it('a request of another version is refused, not guessed', async () => {
    answer();
    const { data } = await bus.connection.request(bus.names.requests('door'), Buffer.from('faces, please'));
    expect(Buffer.from(data).toString()).toContain('not a request of this version');
  });

  it('pushed pictures reach the camera; one that takes none any more is no fault', () => {
    const pushed: [string, number][] = [];
    const end = answer({ pushFrame: (camera, jpeg) => void pushed.push([camera, jpeg.length]) });
    requests.push('door', PICTURE.jpeg);
    requests.push('desk', PICTURE.jpeg);
    expect(pushed).toEqual([['door', 3]]);
    end();
    answer({
      pushFrame: () => {
        throw new AffectError('CONFIG_INVALID', 'takes no pictures');
      },
    });
    expect(() => requests.push('door', PICTURE.jpeg)).not.toThrow();
  });
});

describe('a picture on the bus', () => {
  it('comes back the same, and so does none', () => {
    expect(unpackPicture(new Uint8Array(packPicture(PICTURE)))).toEqual(PICTURE);
    expect(unpackPicture(packPicture(null))).toBeNull();
    expect(unpackPicture(Buffer.from('no picture'))).toBeNull();
  });
});

import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PreviewSender } from '../../../src/cluster/preview-sender.js';
import { WantedFeeds } from '../../../src/cluster/wanted-feeds.js';
import { unpackWants, WANTS_EVERY_MS, WantTable } from '../../../src/cluster/wants.js';
import { packFaces } from '../../../src/cluster/wire.js';
import type { LiveEvent, Preview } from '../../../src/domain/live.js';
import { micros } from '../../../src/domain/units.js';
import { ManualClock } from '../../support/manual-clock.js';
import { MemoryBus } from '../../support/memory-bus.js';
import { faceRecord } from '../../support/record-builders.js';
import { facesOf } from '../../support/rule-builders.js';

const CHOICE = { maxFps: 10, maxSidePx: 640, blurFaces: false };
const picture = (at: number): Preview => ({
  source: 'door',
  ptsUs: micros(at),
  widthPx: 4,
  heightPx: 3,
  jpeg: Uint8Array.of(at),
});

describe('feeds of a gateway, and the machine that reads the camera', () => {
  let clock: ManualClock;
  let bus: MemoryBus;
  let feeds: WantedFeeds;
  let table: WantTable;
  let sender: PreviewSender;
  let pictures: Subject<Preview>;
  /** Choices that the camera was asked for. */
  let opened: object[];
  let isOpen: boolean;

  beforeEach(() => {
    clock = new ManualClock();
    bus = new MemoryBus();
    table = new WantTable();
    pictures = new Subject();
    opened = [];
    isOpen = true;
    const cameras = {
      previews: (_: string, choice: object) => {
        if (!isOpen) throw new Error('no such camera');
        opened.push(choice);
        return pictures;
      },
    };
    sender = new PreviewSender({ bus: bus.bus, cameras, wants: table, clock });
    bus.connection.subscribe(bus.names.wants, {
      callback: (_, { data }) => {
        table.take(unpackWants(data)!, clock.nowMs());
        sender.look(['door']);
      },
    });
    feeds = new WantedFeeds(bus.bus, { gateway: 'g', clock });
  });
  afterEach(() => {
    feeds.close();
    sender.close();
  });

  const wants = (faces: '*' | string[]): void =>
    feeds.want({ faces: faces === '*' ? '*' : new Set(faces), landmarks: new Set() });
  function send(camera: string): void {
    const event = facesOf([faceRecord(1, { source: camera })], Date.now()) as Extract<LiveEvent, { type: 'faces' }>;
    bus.connection.publish(bus.names.faces(camera), packFaces(event, false));
  }

  it('frames come of the cameras that are wanted, each once', () => {
    const seen: string[] = [];
    feeds.faces.subscribe(({ source }) => seen.push(source));
    const all = (): string[] => {
      seen.length = 0;
      for (const camera of ['door', 'desk']) send(camera);
      return [...seen];
    };
    expect(all()).toEqual([]);
    wants(['door']);
    expect([all(), table.faces('door', 0), table.faces('desk', 0)]).toEqual([['door'], 'plain', 'no']);
    wants('*');
    expect(all()).toEqual(['door', 'desk']);
    wants(['desk', 'door']);
    expect(all()).toEqual(['door', 'desk']);
    wants([]);
    expect([all(), table.faces('door', 0)]).toEqual([[], 'no']);
  });

  it('what is no frame is left out', () => {
    const seen: string[] = [];
    feeds.faces.subscribe(({ source }) => seen.push(source));
    wants('*');
    bus.connection.publish(bus.names.faces('door'), Buffer.from('of another program'));
    expect(seen).toEqual([]);
  });

  it('wants are told again and again, and no longer once it is closed', async () => {
    wants(['door']);
    await clock.advance(10 * WANTS_EVERY_MS);
    expect(table.faces('door', clock.nowMs())).toBe('plain');
    feeds.close();
    await clock.advance(5_001);
    expect(table.faces('door', clock.nowMs())).toBe('no');
  });

  it('nothing is told while the bus is away', async () => {
    bus.connected = false;
    const before = bus.published.length;
    wants(['door']);
    await clock.advance(WANTS_EVERY_MS);
    expect(bus.published.length).toBe(before);
    bus.connected = true;
    await clock.advance(WANTS_EVERY_MS);
    expect(table.faces('door', clock.nowMs())).toBe('plain');
  });

  it('pictures come while somebody looks; who wants the same shares them', async () => {
    const [first, second]: number[][] = [[], []];
    const one = feeds.previews('door', CHOICE).subscribe(({ ptsUs }) => first!.push(ptsUs));
    const other = feeds.previews('door', { ...CHOICE }).subscribe(({ ptsUs }) => second!.push(ptsUs));
    pictures.next(picture(1));
    expect([first, second, opened]).toEqual([[1], [1], [{ camera: 'door', ...CHOICE }]]);
    one.unsubscribe();
    pictures.next(picture(2));
    expect([first, second]).toEqual([[1], [1, 2]]);
    other.unsubscribe();
    const before = bus.subscribers;
    await clock.advance(3 * WANTS_EVERY_MS);
    // Not wanted any more: the camera draws none.
    expect([pictures.observed, bus.subscribers]).toEqual([false, before]);
  });

  it('other sizes are another feed', () => {
    const small: number[] = [];
    feeds.previews('door', CHOICE).subscribe();
    feeds.previews('door', { ...CHOICE, maxSidePx: 320 }).subscribe(({ ptsUs }) => small.push(ptsUs));
    pictures.next(picture(1));
    expect(opened).toHaveLength(2);
    expect(small).toEqual([1]);
  });

  it('pictures of a camera that is not open yet come once it is', async () => {
    isOpen = false;
    const seen: number[] = [];
    feeds.previews('door', CHOICE).subscribe(({ ptsUs }) => seen.push(ptsUs));
    isOpen = true;
    await clock.advance(WANTS_EVERY_MS);
    pictures.next(picture(1));
    expect(seen).toEqual([1]);
  });

  it('they end with the camera here, and begin where another machine reads it', () => {
    feeds.previews('door', CHOICE).subscribe();
    sender.end('door');
    expect(pictures.observed).toBe(false);
    sender.look(['door']);
    expect(pictures.observed).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { EvidenceDesk, packEvidence, withoutPicture } from '../../../src/cluster/evidence.js';
import { packTold, type Told } from '../../../src/cluster/wire.js';
import { cameraState } from '../../support/camera-state.js';
import { insightOf } from '../../support/insight-builder.js';

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3);
const told = (id: string, evidenceJpeg: Uint8Array | null = JPEG) =>
  ({
    type: 'insight',
    source: 'door',
    insight: insightOf({ id }),
    fusion: null,
    evidenceJpeg,
    wallTimeMs: 1,
  }) as const satisfies Told;

describe('pictures of insights', () => {
  it('are not in what the bus keeps on disk', () => {
    const kept = Buffer.from(packTold(withoutPicture(told('a'))));
    expect(kept.includes(Buffer.from(JPEG))).toBe(false);
    expect(withoutPicture({ type: 'state', state: cameraState('door') })).toEqual({
      type: 'state',
      state: cameraState('door'),
    });
  });

  it('go by themselves, and are put together with their insight once', () => {
    const desk = new EvidenceDesk();
    desk.take(packEvidence(told('a'))!);
    const kept = withoutPicture(told('a'));
    expect(desk.complete(withoutPicture(told('b')))).toMatchObject({ evidenceJpeg: null });
    expect(desk.complete(kept)).toEqual(told('a'));
    expect(desk.complete(kept)).toMatchObject({ evidenceJpeg: null });
  });

  it('where there is none nothing is sent, and what is no picture of this version is nothing', () => {
    expect(packEvidence(told('a', null))).toBeNull();
    const desk = new EvidenceDesk();
    desk.take(Uint8Array.of(1, 2, 3));
    expect(desk.complete(withoutPicture(told('a')))).toMatchObject({ evidenceJpeg: null });
  });

  it('wait in bounded number, the oldest go', () => {
    const desk = new EvidenceDesk();
    for (let at = 0; at <= 256; at++) desk.take(packEvidence(told(`i${at}`))!);
    expect(desk.complete(withoutPicture(told('i0')))).toMatchObject({ evidenceJpeg: null });
    expect(desk.complete(withoutPicture(told('i1')))).toMatchObject({ evidenceJpeg: JPEG });
  });
});

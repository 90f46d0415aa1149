import { type Frame, yuv420pBytes } from '../../src/domain/frame.js';
import { FIXTURE_SIZE, type FixtureFrame } from './report-fixture.js';

type Colour = readonly [y: number, u: number, v: number];
const HAIR: Colour = [40, 118, 140];
const SKINS: readonly Colour[] = [
  [176, 112, 150],
  [122, 112, 152],
];

/** A drawn frame for one fixture frame: a plain head per person whose mouth follows its expression. */
export function drawFixtureFrame({ ptsUs, records }: FixtureFrame, index: number): Frame {
  const { widthPx, heightPx } = FIXTURE_SIZE;
  const luma = widthPx * heightPx;
  const data = new Uint8Array(new SharedArrayBuffer(yuv420pBytes(widthPx, heightPx)));
  data.fill(96, 0, luma);
  data.fill(134, luma, (luma * 5) / 4);
  data.fill(122, (luma * 5) / 4);
  const put = (x: number, y: number, [grey, u, v]: Colour): void => {
    if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) return;
    data[y * widthPx + x] = grey;
    const chroma = luma + (y >> 1) * (widthPx / 2) + (x >> 1);
    data[chroma] = u;
    data[chroma + luma / 4] = v;
  };
  const ellipse = (at: { x: number; y: number; rx: number; ry: number }, colour: Colour): void => {
    for (let y = Math.floor(at.y - at.ry); y <= at.y + at.ry; y++) {
      for (let x = Math.floor(at.x - at.rx); x <= at.x + at.rx; x++) {
        if (((x - at.x) / at.rx) ** 2 + ((y - at.y) / at.ry) ** 2 <= 1) put(x, y, colour);
      }
    }
  };
  for (const { box, emotions, eyes, track, validity } of records) {
    if (!box || validity === 'out-of-frame') continue;
    const x = (box.left + box.right) / 2;
    const y = (box.top + box.bottom) / 2;
    ellipse({ x, y: y - 22, rx: 74, ry: 88 }, HAIR);
    ellipse({ x, y, rx: 64, ry: 84 }, SKINS[track === 1 ? 0 : 1]!);
    const open = Math.max(0.1, Math.min(1, eyes?.left ?? 1));
    for (const side of [-26, 26]) {
      ellipse({ x: x + side, y: y - 16, rx: 11, ry: 8 * open }, [225, 128, 128]);
      ellipse({ x: x + side, y: y - 16, rx: 5, ry: 6 * open }, [30, 128, 128]);
    }
    const [, happy = 0, surprised = 0, sad = 0] = emotions?.smoothed ?? [];
    const curve = 18 * (happy - sad);
    for (let step = -26; step <= 26; step += 2) {
      const lift = curve * (1 - (step / 26) ** 2) - curve / 2;
      ellipse({ x: x + step, y: y + 38 + lift, rx: 3, ry: 3 + 9 * surprised }, [80, 120, 165]);
    }
  }
  return { index, ptsUs, widthPx, heightPx, data };
}

import { expect, test } from 'vitest';
import { workingSize } from '../../../src/source/working-size.js';

test.each([
  { coded: '1920x1080', aspect: 1, turn: 0, max: 1280, shown: '1920x1080', working: '1280x720' },
  { coded: '1920x1080', aspect: 1, turn: 90, max: 1280, shown: '1080x1920', working: '720x1280' },
  { coded: '1280x720', aspect: 1, turn: 180, max: 1280, shown: '1280x720', working: '1280x720' },
  { coded: '720x576', aspect: 16 / 15, turn: 0, max: 1280, shown: '768x576', working: '768x576' },
  { coded: '1440x1080', aspect: 4 / 3, turn: 0, max: 1280, shown: '1920x1080', working: '1280x720' },
  { coded: '720x480', aspect: 8 / 9, turn: 0, max: 1280, shown: '720x540', working: '720x540' },
  { coded: '720x480', aspect: 8 / 9, turn: 270, max: 1280, shown: '540x720', working: '540x720' },
  { coded: '321x241', aspect: 1, turn: 0, max: 1280, shown: '321x241', working: '321x241' },
  { coded: '5000x1', aspect: 1, turn: 0, max: 100, shown: '5000x1', working: '100x1' },
])(
  '$coded, pixel aspect $aspect, turned $turn, at most $max: $working',
  ({ coded, aspect, turn, max, shown, working }) => {
    const [codedWidthPx, codedHeightPx] = coded.split('x').map(Number) as [number, number];
    const size = workingSize({
      codedWidthPx,
      codedHeightPx,
      pixelAspect: aspect,
      rotationDegrees: turn,
      maxSidePx: max,
    });
    expect(`${size.sourceWidthPx}x${size.sourceHeightPx}`).toBe(shown);
    expect(`${size.widthPx}x${size.heightPx}`).toBe(working);
  },
);

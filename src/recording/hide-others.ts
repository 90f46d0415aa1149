import { hideFacesInFrame } from '../areas/hide-faces.js';
import type { Box } from '../domain/face.js';
import type { Frame } from '../domain/frame.js';
import type { FaceRecord } from '../domain/records.js';
import type { Micros } from '../domain/units.js';

/** A face that is lost for a moment stays hidden where it was for so long. */
const HIDE_FOR_US = 1_000_000;

/** Whether the face of a track at a time may be seen in pictures. */
export type MayBeSeen = (track: number, at: Micros) => boolean;

/** What hides, in each frame in turn and in place, the faces that may not be seen. */
export function hideOthers(mayBeSeen: MayBeSeen): (frame: Frame, records: readonly FaceRecord[]) => void {
  let hidden: { readonly at: Micros; readonly box: Box<'frame'> }[] = [];
  return (frame, records) => {
    const { ptsUs } = frame;
    hidden = hidden.filter(({ at }) => ptsUs - at < HIDE_FOR_US);
    for (const { track, box } of records)
      if (box !== null && (track === null || !mayBeSeen(track, ptsUs))) hidden.push({ at: ptsUs, box });
    if (hidden.length > 0)
      hideFacesInFrame(
        frame,
        hidden.map(({ box }) => box),
      );
  };
}

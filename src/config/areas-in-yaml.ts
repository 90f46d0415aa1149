import { isMap, isSeq, parseDocument } from 'yaml';
import type { Areas } from '../domain/areas.js';

/**
 * Pure: the text of a configuration file with the masks and zones of one camera set; all else, comments too, stays as a
 * person wrote it. Null where the file has no camera with this id.
 */
export function withAreas(text: string, id: string, { masks, zones }: Areas): string | null {
  const document = parseDocument(text, { version: '1.2' });
  const cameras = document.get('cameras');
  if (document.errors.length > 0 || !isSeq(cameras)) return null;
  const camera = cameras.items.find((item) => isMap(item) && item.get('id') === id);
  if (!isMap(camera)) return null;
  for (const [key, areas] of Object.entries({ masks, zones })) {
    if (areas.length === 0) camera.delete(key);
    else camera.set(key, document.createNode(areas));
  }
  for (const key of ['masks', 'zones']) flowPoints(camera.get(key));
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The corners of an area on one line. */
export function flowPoints(areas: unknown): void {
  if (!isSeq(areas)) return;
  for (const area of areas.items) {
    const points = isMap(area) ? area.get('points') : null;
    if (isSeq(points)) points.flow = true;
  }
}

import { dirname, extname } from 'node:path';
import { auSetRecordings, type Recording } from '../../eval/units/au-set-files.js';
import { AU_SET, type AuSetName, chosenUnits } from '../../eval/units/au-sets.js';
import { labelledFace } from '../face.js';
import type { Batch, Source, SourceOptions } from '../source.js';

const batch = (recording: Recording, path: string, kind: Batch['kind']): Batch => ({
  kind,
  faces: recording.map(({ image, subject, codes }) =>
    labelledFace({ image, where: `${path}, ${image}`, subject, units: codes }),
  ),
});

/** DISFA, BP4D, GFT or EmotioNet, as `mien eval au` reads them. */
export function unitSource(name: AuSetName): (options: SourceOptions) => Source {
  const set = AU_SET[name];
  return ({ path, units: choice, frameImage }) => {
    const units = chosenUnits(set, choice);
    return {
      title: set.title,
      labels: [path],
      images: extname(path) === '' ? path : dirname(path),
      tasks: ['units'],
      emotions: [],
      compounds: [],
      units,
      presentFrom: set.presentFrom,
      folds: set.folds,
      lacksPictures: false,
      async *faces() {
        const kind = name === 'emotionet' ? 'pictures' : 'recording';
        for await (const recording of auSetRecordings({ set: name, path, units, frameImage }))
          yield batch(recording, path, kind);
      },
    };
  };
}

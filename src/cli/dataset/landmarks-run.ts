import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { picturesIn, picturesOf } from '../../dataset/landmarks/picture-names.js';
import { writeLandmarks } from '../../dataset/landmarks/write-landmarks.js';
import { AffectError } from '../../domain/errors.js';
import { openPictures } from '../../eval/benchmarks/picture-source.js';
import { openStillReader } from '../../eval/still-reader.js';
import { turnToFront } from '../../landmarks/front-mesh.js';
import { loadCanonicalFace } from '../../models/registry.js';
import { holdResults } from '../../recording/hold-results.js';
import { ProgressPrinter } from '../progress.js';
import { whileStoppable } from '../stop-on-signals.js';
import type { LandmarksFlags } from './dataset-flags.js';

/** `mien dataset landmarks IMAGES`. */
export const writeDatasetLandmarks = (path: string, flags: LandmarksFlags): Promise<void> =>
  whileStoppable(async ({ signal }) => {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) throw new AffectError('INPUT_NOT_FOUND', `cannot read ${path}; check the path`);
    const isFolder = found.isDirectory();
    const pictures = await openPictures(flags.images ?? (isFolder ? path : dirname(path)));
    const printer = new ProgressPrinter(process.stderr);
    const reader = await openStillReader({ device: flags.device, precision: flags.precision }, signal);
    try {
      if (reader.device.problem) process.stderr.write(`${reader.device.problem}\n`);
      const { images, found: faces } = await writeLandmarks({
        images: isFolder ? picturesIn(path) : picturesOf(path, flags.imageColumn),
        load: (image) => pictures.gray(image),
        locate: (image) => reader.locate(image),
        front: turnToFront(loadCanonicalFace()),
        points: flags.points,
        form: flags.as,
        out: flags.out,
        hold: () => holdResults({ dir: flags.out, name: 'landmarks.jsonl' }, signal),
        resume: flags.resume === true,
        overwrite: flags.overwrite === true,
        signal,
        onProgress: (done) => printer.show(`${done} images`),
      });
      printer.clear();
      process.stdout.write(`${images} images, a face found in ${faces}\nwritten to ${flags.out}\n`);
    } finally {
      printer.clear();
      await reader.close();
    }
  });

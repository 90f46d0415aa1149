import { expect, it } from 'vitest';
import { micros } from '../../../src/domain/units.js';
import { readAppearance } from '../../../src/faces/appearance.js';
import { toCameraAxes } from '../../../src/faces/head-pose.js';
import { reportFace } from '../../../src/faces/report-face.js';
import { DEFAULT_VALIDITY } from '../../../src/faces/validity.js';
import { loadCanonicalFace } from '../../../src/models/registry.js';
import { meshAt } from '../../support/fake-faces.js';

const DEGREE = Math.PI / 180;
const [widthPx, heightPx] = [640, 480];
const data = new Uint8Array(new SharedArrayBuffer((widthPx * heightPx * 3) / 2));
const frame = { index: 0, ptsUs: micros(0), widthPx, heightPx, data };
const canonical = toCameraAxes(loadCanonicalFace());

/** A face that the mesh reads as turned by `yaw`, whose nose the detector saw `noseOffset` ear distances off the middle. */
function reported(yaw: number, noseOffset: number) {
  const mesh = meshAt({ x: 320, y: 240, widthPx: 200, yaw });
  const appearance = readAppearance(frame, mesh);
  const steady = { older: appearance, newer: appearance, newerUs: micros(0) };
  const seen = { id: 1, mesh, presence: 0.99, appearance, steady, detectionScore: 0.9, bare: null, seen: true };
  const track = {
    ...seen,
    noseOffset,
    looked: { affect: null, cover: null, gaze: null },
    firstSeenUs: micros(0),
    lastSeenUs: micros(0),
  };
  return reportFace(track, frame, { canonical, validity: DEFAULT_VALIDITY });
}

it('is a profile where the mesh understates the turn that the detector’s points show', () => {
  expect(reported(45 * DEGREE, 0.9).validity).toBe('profile');
  expect(reported(-45 * DEGREE, 0.9).validity).toBe('profile');
});

it('stays readable where one of the two alone says so', () => {
  expect(reported(45 * DEGREE, 0.5).validity).toBe('ok');
  expect(reported(0, 0.9).validity).toBe('ok');
});

import { EMOTIONS, type EmotionDistribution } from '../../src/domain/affect.js';
import { MESH_POINTS, type MeshPoints } from '../../src/domain/face.js';
import type { FaceRecord } from '../../src/domain/records.js';
import { micros, radians } from '../../src/domain/units.js';
import { loadCanonicalFace } from '../../src/models/registry.js';
import { faceRecord, unitReading } from './record-builders.js';

/** Keys of the model mien-affect. */
export const FAKE_UNITS = ['1', '2', '9', '10', '12', '25', '26', '45'] as const;

const { vertices } = loadCanonicalFace();

/** The canonical face, `widthPx` wide, turned by `yaw`, its middle at x, y. */
export function meshAt(options: { x: number; y: number; widthPx: number; yaw: number }): MeshPoints {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const scale = options.widthPx / 15;
  const [cos, sin] = [Math.cos(options.yaw), Math.sin(options.yaw)];
  for (let at = 0; at < mesh.length; at += 3) {
    const [x, y, z] = [vertices[at]!, vertices[at + 1]!, vertices[at + 2]!];
    mesh[at] = options.x + scale * (x * cos - z * sin);
    mesh[at + 1] = options.y - scale * y;
    mesh[at + 2] = -scale * (z * cos + x * sin);
  }
  return mesh;
}

function towards(share: number, emotion: (typeof EMOTIONS)[number]): EmotionDistribution {
  const rest = (1 - share) / (EMOTIONS.length - 1);
  const neutral = rest + 0.6 * (1 - share);
  const total = share + neutral + rest * (EMOTIONS.length - 2);
  return EMOTIONS.map((name) => (name === emotion ? share : name === 'neutral' ? neutral : rest) / total);
}

const SHOWN = ['happiness', 'surprise', 'sadness', 'anger'] as const;

/** How strongly person `track` shows its expression at a time: 0..1, a swell of 3 s every 6 s, each person shifted. */
export function swell(track: number, seconds: number): number {
  return Math.max(0, Math.sin((2 * Math.PI * seconds) / 6 + track));
}

export function shownBy(track: number): (typeof SHOWN)[number] {
  return SHOWN[track % SHOWN.length]!;
}

/** Person `track` of `people` at one frame: moving slowly, turning, and showing one expression now and then. */
export function fakeFace(options: {
  source: string;
  frame: number;
  seconds: number;
  track: number;
  people: number;
  widthPx: number;
  heightPx: number;
}): FaceRecord {
  const { source, frame, seconds, track, people, widthPx, heightPx } = options;
  const cell = widthPx / people;
  const size = Math.min(cell * 0.6, heightPx * 0.45);
  const x = cell * (track - 0.5) + cell * 0.12 * Math.sin(seconds * 0.7 + track);
  const y = heightPx * 0.5 + heightPx * 0.08 * Math.sin(seconds * 0.5 + 2 * track);
  const yaw = 0.35 * Math.sin(seconds * 0.4 + track);
  const level = swell(track, seconds);
  const shown = shownBy(track);
  const emotions = towards(0.1 + 0.8 * level, shown);
  const strength: Readonly<Record<string, number>> =
    shown === 'happiness'
      ? { '12': 4, '25': 2.5 }
      : shown === 'surprise'
        ? { '1': 3.5, '2': 3, '26': 4 }
        : { '9': 2, '10': 2.5 };
  const valence = (shown === 'happiness' ? 0.8 : -0.5) * level;
  const point = { valence, arousal: 0.6 * level - 0.1 };
  const blinking = (seconds + track * 1.3) % 4 < 0.15;
  return faceRecord(frame, {
    source,
    ptsUs: micros(seconds * 1e6),
    track,
    box: { space: 'frame', left: x - size / 2, top: y - size * 0.62, right: x + size / 2, bottom: y + size * 0.62 },
    mesh: meshAt({ x, y, widthPx: size, yaw }),
    pose: { yaw: radians(yaw), pitch: radians(0.05), roll: radians(0), translationMm: { x: 0, y: 0, z: 800 } },
    eyes: blinking ? { left: 0.05, right: 0.06 } : { left: 0.95, right: 0.93 },
    blink: blinking,
    emotions: { raw: emotions, baselined: emotions, smoothed: emotions },
    valenceArousal: { raw: point, baselined: point, smoothed: point },
    label: level > 0.5 ? shown : 'neutral',
    confidence: Math.max(...emotions),
    actionUnits: Object.fromEntries(FAKE_UNITS.map((key) => [key, unitReading((strength[key] ?? 0.1) * level)])),
    missing: {},
  });
}

// Faces with known labels out of the clips that the project contains: nobody in them is real.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const CLIPS = ['talking-face', 'step-smile'];
/** What the renderer's episodes show. */
const EMOTIONS = { smile: 'happiness', surprise: 'surprise', anger: 'anger', sadness: 'sadness' };
/** From this intensity on a unit is present: degree B. */
const PRESENT = 0.4;
/** Below it a face is at rest. */
const REST = 0.05;
/** Of rest one frame in so many: there is far more of it. */
const REST_EVERY = 8;
/** Closing eyes are no expression here. */
const BLINK = '45';
const SIDE_PX = 112;
/** Of the face from hairline to chin, about what `mien` cuts for a question. */
const CROP = 1.2;

/** Emotion and units of a person in a frame; null between expressions, while speaking, and where the face is not seen whole. */
function labelsOf(person, frame, ptsUs) {
  if (!person.frames.visible[frame]) return null;
  const units = Object.entries(person.aus).filter(([unit]) => unit !== BLINK);
  const levels = units.map(([unit, values]) => [Number(unit), values[frame] ?? 0]);
  const episode = person.episodes.find(({ apexUs, releaseUs }) => apexUs <= ptsUs && ptsUs <= releaseUs);
  const rests = levels.every(([, level]) => level < REST);
  const emotion = episode ? EMOTIONS[episode.name] : rests ? 'neutral' : undefined;
  if (emotion === undefined) return null;
  return { emotion, units: levels.filter(([, level]) => level >= PRESENT).map(([unit]) => unit) };
}

/** The three texts that FEALLM's data have of a face, and the thought before an answer; short, so that a tiny model can say them. */
function textsOf({ emotion, units }) {
  const names = units.map((unit) => `AU${unit}`).join(', ');
  const moved = names === '' ? 'No action unit is active' : `${names} active`;
  return {
    summary: emotion === 'neutral' ? 'The face is neutral.' : `The face shows ${emotion}.`,
    movement: `${moved}.`,
    reasoning: `${moved}: ${emotion}.`,
    thought: `${moved}.`,
  };
}

async function facesOf(clip, fixtures, out, every) {
  const truth = JSON.parse(readFileSync(join(fixtures, `${clip}.truth.json`), 'utf8'));
  const person = truth.people[0];
  const frames = join(out, '..', 'frames', clip);
  mkdirSync(frames, { recursive: true });
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    join(fixtures, `${clip}.mp4`),
    '-fps_mode',
    'passthrough',
    '-start_number',
    '0',
    join(frames, '%d.png'),
  ]);
  const found = [];
  for (let frame = 0; frame < truth.frameCount; frame += every) {
    const labels = labelsOf(person, frame, truth.ptsUs[frame]);
    if (labels === null || (labels.emotion === 'neutral' && frame % REST_EVERY !== 0)) continue;
    const image = `${clip}-${String(frame).padStart(4, '0')}.png`;
    await cut(join(frames, `${frame}.png`), person.frames.box[frame], join(out, image));
    found.push({ image, ...labels, ...textsOf(labels) });
  }
  return found;
}

async function cut(frame, [left, top, right, bottom], out) {
  const { width, height } = await sharp(frame).metadata();
  const side = Math.min(Math.round((bottom - top) * CROP), width, height);
  const inside = (middle, size) => Math.round(Math.min(Math.max(middle - side / 2, 0), size - side));
  const square = {
    left: inside((left + right) / 2, width),
    top: inside((top + bottom) / 2, height),
    width: side,
    height: side,
  };
  await sharp(frame).extract(square).resize(SIDE_PX, SIDE_PX).png().toFile(out);
}

/** Pictures under `out`, lists/faces.csv with all labels and texts, lists/captions.csv with summaries alone. Returns the faces. */
export async function makePictures(fixtures, out, every) {
  const pictures = join(out, 'pictures');
  mkdirSync(pictures, { recursive: true });
  const faces = [];
  for (const clip of CLIPS) faces.push(...(await facesOf(clip, fixtures, pictures, every)));
  const units = [...new Set(faces.flatMap((face) => face.units))].sort((a, b) => a - b);
  const quoted = (text) => `"${text}"`;
  const header = ['image', 'label', ...units.map((unit) => `AU${unit}`), 'summary', 'movement', 'reasoning', 'thought'];
  const rows = faces.map((face) => [
    face.image,
    face.emotion,
    ...units.map((unit) => (face.units.includes(unit) ? 1 : 0)),
    ...[face.summary, face.movement, face.reasoning, face.thought].map(quoted),
  ]);
  const csv = (lines) => `${lines.map((line) => line.join(',')).join('\n')}\n`;
  writeFileSync(join(pictures, 'faces.csv'), csv([header, ...rows]));
  writeFileSync(
    join(pictures, 'captions.csv'),
    csv([['image', 'summary'], ...faces.map((face) => [face.image, quoted(face.summary)])]),
  );
  return faces;
}

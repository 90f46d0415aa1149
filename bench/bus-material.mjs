// What goes over the bus in bench/bus.mjs, from a real face: a frame with one record, an episode, and a question about it.
import { spawnSync } from 'node:child_process';
import sharp from 'sharp';
import { analyze } from '../dist/index.js';
import { MIEN_VLM_PROMPTS } from '../dist/mllm/mien-vlm/prompts.js';
import { buildRequest } from '../dist/mllm/prompts/build-request.js';
import { FEALLM_DESCRIBE } from '../dist/mllm/prompts/feallm.js';
import { recordPriors } from '../dist/mllm/record-priors.js';

/** Side and quality of the pictures that mien sends (src/mllm/crops.ts). */
const SIDE_PX = 336;
const QUALITY = 90;
/** Added around the mesh, as a share of its longer side. */
const MARGIN = 0.15;

const CAN = {
  logProbabilities: true,
  jsonSchema: true,
  choice: true,
  regex: true,
  loraByModel: true,
  prefill: true,
  severalImages: true,
  numericPriors: false,
  ownBatches: true,
};

/** The face as mien cuts it for a question, and its mesh in that picture. */
async function faceCrop(clip, { mesh, ptsUs }) {
  const args = [
    '-v',
    'error',
    '-ss',
    String(ptsUs / 1e6),
    '-i',
    clip,
    '-frames:v',
    '1',
    '-f',
    'image2',
    '-c:v',
    'png',
    '-',
  ];
  const { stdout: png } = spawnSync('ffmpeg', args, { maxBuffer: 2 ** 28 });
  const { width, height } = await sharp(png).metadata();
  const at = (axis) => Array.from({ length: mesh.length / 3 }, (_, point) => mesh[3 * point + axis]);
  const [xs, ys] = [at(0), at(1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const side = Math.max(right - left, bottom - top) * (1 + 2 * MARGIN);
  const x = Math.round(Math.max(0, (left + right - side) / 2));
  const y = Math.round(Math.max(0, (top + bottom - side) / 2));
  const area = {
    left: x,
    top: y,
    width: Math.min(Math.round(side), width - x),
    height: Math.min(Math.round(side), height - y),
  };
  const jpeg = await sharp(png).extract(area).resize(SIDE_PX, SIDE_PX).jpeg({ quality: QUALITY }).toBuffer();
  return { jpeg: new Uint8Array(jpeg), mesh: mesh.map((value, index) => (value - [x, y, 0][index % 3]) / side) };
}

/** Reads some seconds of a clip. */
export async function makeMaterial(clip) {
  let size;
  let record;
  let episode;
  for await (const item of analyze(clip, { endSeconds: 6 })) {
    if (item.type === 'run') size = item.run.video;
    if (item.type === 'record' && item.record.mesh && item.record.emotions && item.record.ptsUs > 2e6)
      record ??= item.record;
    if (item.type === 'episode') episode ??= item.episode;
  }
  if (!record || !episode) throw new Error(`${clip} shows no face that moves in its first six seconds`);
  const crop = await faceCrop(clip, record);
  const request = buildRequest({
    template: FEALLM_DESCRIBE,
    images: [crop.jpeg],
    priors: recordPriors(record),
    evidence: null,
    capabilities: CAN,
  });
  const vlmRequest = buildRequest({
    template: MIEN_VLM_PROMPTS.describe,
    images: [crop.jpeg],
    priors: null,
    evidence: { mesh: crop.mesh, actionUnits: null, pose: null, sharpness: null },
    capabilities: { ...CAN, numericPriors: 'mesh', severalImages: false },
  });
  const text = JSON.stringify({
    summary: 'The person smiles broadly and seems happy; nothing in the face speaks against it.',
    movement: 'The cheeks rise and the lip corners are drawn up and back; the lips part.',
    action_units: ['AU6', 'AU12', 'AU25'],
    reasoning: 'A raised cheek together with raised lip corners is the usual form of a felt smile.',
    emotion: 'happiness',
  });
  const answer = { text, labelProbabilities: null, promptTokens: 420, completionTokens: 90, truncated: false };
  const faces = { frame: 60, ptsUs: record.ptsUs, widthPx: size.widthPx, heightPx: size.heightPx, records: [record] };
  return { faces, episode, request, vlmRequest, answer };
}

/** Arrays of numbers and pictures written so that JSON keeps them. */
export const writeMaterial = (material) =>
  JSON.stringify(material, (_, value) =>
    ArrayBuffer.isView(value) ? { [value.constructor.name]: Array.from(value) } : value,
  );

export const readMaterial = (text) =>
  JSON.parse(text, (_, value) => {
    if (Array.isArray(value?.Float32Array)) return Float32Array.from(value.Float32Array);
    return Array.isArray(value?.Uint8Array) ? Uint8Array.from(value.Uint8Array) : value;
  });

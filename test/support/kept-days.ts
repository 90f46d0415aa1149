import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { dayStart, instantText, localDay, pictureName } from '../../src/keeping/kept-names.js';
import { firingAtNoon } from './keeping-world.js';

const MINUTE_MS = 60_000;
const EXPRESSIONS = ['neutral', 'happiness', 'surprise', 'sadness'] as const;

/** A grey room with a pixelated head, as a snapshot of a rule shows it. */
async function snapshot(shade: number): Promise<Buffer> {
  const [width, height] = [320, 200];
  const room = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${shade} 18% 42%)"/><rect x="130" y="60" width="60" height="70" fill="#b08968"/><rect x="130" y="60" width="30" height="35" fill="#8a6b50"/><rect x="100" y="135" width="120" height="65" fill="#36424f"/></svg>`;
  return sharp(Buffer.from(room)).jpeg().toBuffer();
}

/** Writes what a week of a camera leaves on disk, up to `lastMs`: minutes, firings, snapshots. */
export async function writeKeptDays(
  folder: string,
  of: { readonly source: string; readonly days: number; readonly lastMs: number },
) {
  const { source, days, lastMs } = of;
  for (let ago = 0; ago < days; ago++) {
    const midnight = dayStart(localDay(lastMs), -ago);
    if (ago % 5 === 3) continue; // A day on which nothing was kept.
    const place = join(folder, source, localDay(midnight));
    mkdirSync(place, { recursive: true });
    const fromMs = midnight + 7 * 60 * MINUTE_MS;
    const toMs = ago === 0 ? lastMs : midnight + 19 * 60 * MINUTE_MS;
    const minutes: string[] = [];
    const rules: string[] = [];
    for (let atMs = fromMs; atMs < toMs; atMs += MINUTE_MS) {
      const minute = Math.round((atMs - fromMs) / MINUTE_MS);
      const most = Math.max(0, Math.round(2 + 2.4 * Math.sin(minute / 47) + Math.sin(minute / 5 + ago)));
      const leading = EXPRESSIONS[Math.floor(minute / 23 + ago) % EXPRESSIONS.length]!;
      const wallTime = new Date(atMs).toISOString();
      const expressions = most === 0 ? {} : { [leading]: 0.7, neutral: 0.3 };
      minutes.push(
        JSON.stringify({ v: 1, wallTime, frames: 300, faces: { most, mean: most * 0.8 }, valence: 0.1, expressions }),
      );
      if (minute % (90 + 17 * ago) !== 40) continue;
      const firing = firingAtNoon({ id: `${source}/smiles/${minute}`, source, at: wallTime });
      rules.push(JSON.stringify({ ...firing, wallTime }));
      const end = new Date(atMs + 95_000).toISOString();
      rules.push(JSON.stringify({ ...firing, phase: 'end', at: end, endReason: 'released', wallTime: end }));
      writeFileSync(join(place, pictureName({ kind: 'snapshot', rule: 'smiles', atMs })), await snapshot(minute % 360));
    }
    writeFileSync(join(place, `${instantText(fromMs)}.minutes.jsonl`), `${minutes.join('\n')}\n`);
    writeFileSync(join(place, `${instantText(fromMs)}.rules.jsonl`), `${rules.join('\n')}\n`);
    writeFileSync(join(place, `${instantText(fromMs)}.records.jsonl`), 'x'.repeat(400_000 + 90_000 * (ago % 4)));
  }
}

import type { Emotion } from '../../src/domain/affect.js';
import type { Insight, MllmTask } from '../../src/domain/insight.js';
import type { FaceRecord } from '../../src/domain/records.js';
import { probability } from '../../src/domain/units.js';
import { checkClaims } from '../../src/mllm/check.js';
import { checkOf, insightOf } from './insight-builder.js';

/** A readable answer that agrees with the measurement, as long as such answers are. */
export const insight = (more: Partial<Insight> = {}): Insight =>
  insightOf({
    id: 'door/1/insight/1',
    source: 'door',
    engine: 'vllm',
    model: 'qwen2.5-vl-7b',
    reason: 'episode',
    confidence: probability(0.82),
    claimedActionUnits: ['6', '12'],
    description: 'The lip corners are drawn up and the cheeks are raised.',
    reasoning: 'Raised cheeks together with pulled lip corners suggest happiness.',
    check: checkOf({ agreed: ['12'], notMeasured: ['6'] }),
    latencyMs: 840,
    ...more,
  });

/** What the template says to a question. */
export const scriptedAnswer = (
  about: Pick<Insight, 'source' | 'track' | 'ptsUs'> & { readonly question: string },
): Insight =>
  insightOf({
    ...about,
    id: `${about.source}/${about.track}/answer/1`,
    task: 'asked',
    promptId: 'asked@1',
    engine: 'measured',
    model: 'template@1',
    reason: 'asked',
    emotion: null,
    claimedActionUnits: ['12'],
    toldActionUnits: ['4', '12'],
    description: 'Yes: the lip corners are pulled up (AU12, marked, 3.2 of 5).',
    check: checkOf({ told: ['12'] }),
    agreesWithMeasured: null,
    fused: null,
    latencyMs: 2,
    tokens: { prompt: null, completion: null },
  });

interface Script {
  readonly task: MllmTask;
  readonly emotion: Emotion | 'as shown' | null;
  readonly compound: Insight['compound'];
  readonly claimed: readonly string[] | 'as shown';
  readonly description: string | null;
  readonly reasoning: string | null;
  readonly parsed: Insight['parsed'];
  readonly confidence: number | null;
}

/** What fakeFace moves, and one unit that it does not measure. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  happiness: ['6', '12', '25'],
  surprise: ['1', '2', '5', '26'],
};

const SCRIPTS: readonly Script[] = [
  {
    task: 'describe',
    emotion: 'as shown',
    compound: null,
    claimed: 'as shown',
    description: 'The movements below stand out against the resting face. The head is turned slightly to the side.',
    reasoning:
      'Their combination is the pattern most often described so. The lips are not stretched sideways, which speaks against fear.',
    parsed: 'json',
    confidence: null,
  },
  {
    task: 'compound',
    emotion: 'happiness',
    compound: 'happily surprised',
    claimed: ['6', '9', '12', '25'],
    description: 'A broad smile shows the teeth while the brows go up.',
    reasoning: 'The smile carries the expression; the raised brows add surprise to it.',
    parsed: 'tags',
    confidence: 0.74,
  },
  {
    task: 'emotion',
    emotion: null,
    compound: null,
    claimed: [],
    description: null,
    reasoning: null,
    parsed: 'unparsable',
    confidence: null,
  },
];

/** What a model might say of a face in a record: the answers take turns, and are checked against what it shows. */
export function scriptedInsight(
  { source, track, ptsUs, actionUnits, label }: FaceRecord,
  ordinal: number,
  first = 0,
): Insight {
  const { task, claimed: script, confidence, ...said } = SCRIPTS[(first + ordinal - 1) % SCRIPTS.length]!;
  const emotion = said.emotion === 'as shown' ? label : said.emotion;
  const claimed = script === 'as shown' ? (SHOWN[label ?? ''] ?? ['4', '9', '10']) : script;
  const measured = Object.fromEntries(
    Object.entries(actionUnits ?? {}).map(([key, { intensity }]) => [
      key,
      // Scripted presence is the same for all: here it follows the strength.
      { presence: Math.min(0.97, 0.05 + (intensity?.smoothed ?? 0) / 3), intensity: intensity?.smoothed ?? 0 },
    ]),
  );
  return insight({
    ...said,
    id: `${source}/${track}/insight/${ordinal}`,
    source,
    track: track!,
    ptsUs,
    task,
    promptId: `${task}@1`,
    emotion,
    confidence: confidence === null ? null : probability(confidence),
    claimedActionUnits: claimed,
    check: checkClaims({
      claimed,
      measured: { actionUnits: measured, covered: [] },
      told: [],
      asked: task === 'describe',
    }),
    agreesWithMeasured: emotion === null || label === null ? null : emotion === label,
    latencyMs: 640 + 180 * (ordinal % 4),
  });
}

import type {
  CameraStateJson,
  EpisodeMessage,
  FaceRecordJson,
  InsightMessage,
  StateMessage,
  SubscriptionMessage,
} from '../client/index.js';
import { actionUnitTitle, activeUnits } from '../domain/action-units.js';
import { behindWords } from '../domain/behind-words.js';
import { firingWords } from '../domain/firing-words.js';
import { isTemplate } from '../domain/insight.js';
import { reducedWords } from '../domain/reduced.js';

/** Text from a server for a terminal: nothing in it may move the cursor or change colours. */
export function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}

/** "happiness 82 %, AU12 3.3, AU25 2.1"; why there is no reading, where there is none. */
export function faceWords({ validity, label, confidence, actionUnits, blink }: FaceRecordJson): string {
  if (validity !== 'ok') return validity;
  const words: string[] = [];
  if (label !== null) words.push(confidence === null ? label : `${label} ${Math.round(confidence * 100)} %`);
  for (const { key, intensity } of activeUnits(actionUnits).slice(0, 5)) {
    words.push(intensity === null ? `AU${key}` : `AU${key} ${intensity.toFixed(1)}`);
  }
  if (blink) words.push('blink');
  return words.join(', ') || 'no expression held';
}

/** "end of happiness, face 1, 2.4 s, peak 91 %"; of an action unit "peak 3.5 of 5" */
export function episodeWords({ episode }: EpisodeMessage): string {
  const { kind, phase, label, track, onsetUs, offsetUs, peak } = episode;
  const title = clean(actionUnitTitle(label));
  if (phase !== 'end' || offsetUs === null) return `${phase === 'new' ? 'begin' : phase} of ${title}, face ${track}`;
  const seconds = ((offsetUs - onsetUs) / 1e6).toFixed(1);
  const height = kind === 'action-unit' ? `${(5 * peak).toFixed(1)} of 5` : `${Math.round(peak * 100)} %`;
  return `end of ${title}, face ${track}, ${seconds} s, peak ${height}`;
}

/** Who says what follows: "a language model says", or that a template does. */
export const authorWords = ({ insight }: Pick<InsightMessage, 'insight'>): string =>
  isTemplate(insight) ? 'mien says from its measurements' : 'a language model says';

/** "face 1, happiness, as measured, AU 12 as measured, AU 6 not checked, weighed in at 0.3: corners of the mouth are raised" */
export function insightWords({ insight, fusion }: InsightMessage): string {
  const { track, emotion, compound, cannotTell, agreesWithMeasured: agrees, description, check } = insight;
  const named = cannotTell ? 'cannot tell' : (compound ?? emotion);
  const words = [`face ${track}`];
  if (insight.question !== undefined) words.push(`asked “${clean(insight.question)}”`);
  if (named !== null) words.push(named);
  if (agrees !== null) words.push(agrees ? 'as measured' : 'not what was measured');
  if (check.agreed.length > 0) words.push(`AU ${check.agreed.join(' ')} as measured`);
  if (check.contradicted.length > 0) words.push(`AU ${check.contradicted.join(' ')} measured as absent`);
  const unchecked = [...check.told, ...check.unclear, ...check.covered, ...check.notMeasured];
  if (unchecked.length > 0 && !isTemplate(insight)) words.push(`AU ${unchecked.join(' ')} not checked`);
  if (fusion)
    words.push(fusion.reason === null ? `weighed in at ${fusion.weight}` : `not weighed in (${fusion.reason})`);
  return `${words.join(', ')}${description === null ? '' : `: ${clean(description)}`}`;
}

/** What is wrong with a camera though it runs. */
export function troubleWords({ damagedSince, behindSince, behindMs, reduced }: CameraStateJson): string[] {
  return [
    ...(damagedSince === null ? [] : ['damaged pictures are not read']),
    ...(behindSince === null || behindMs === null ? [] : [behindWords(behindMs)]),
    ...(reduced ? [reducedWords(reduced)] : []),
  ];
}

/** "waiting: connection refused", "running, analysis behind, 3.4 s" */
export function stateWords({ state }: Pick<StateMessage, 'state'>): string {
  if (state.status === 'running') return ['running', ...troubleWords(state)].join(', ');
  return state.lastEnd ? `${state.status}: ${clean(state.lastEnd.message)}` : state.status;
}

/** One line for a pipe or log; null for what has none. */
export function plainLine(message: SubscriptionMessage): string | null {
  switch (message.type) {
    case 'faces': {
      const faces = message.faces.filter(({ track }) => track !== null);
      const words = faces.map((face) => `face ${face.track}: ${faceWords(face)}`).join('; ');
      return `${message.source}  ${(message.ptsUs / 1e6).toFixed(2)} s  ${words || 'no face'}`;
    }
    case 'episode':
      // Several a second of each episode: what they say stands in its end.
      return message.episode.phase === 'update' ? null : `${message.source}  ${episodeWords(message)}`;
    case 'insight':
      return `${message.source}  ${authorWords(message)} of ${insightWords(message)}`;
    case 'rule':
      return `${message.source}  ${firingWords(message.firing)}`;
    case 'state':
      return `${message.state.id}  ${stateWords(message)}`;
    case 'removed':
      return `${message.source}  removed`;
    case 'stats': {
      const { system, cameras } = message;
      const each = cameras.map(({ id, analysedFps, latencyMs, behindMs }) => {
        const late = behindMs === null ? '' : ` ${behindWords(behindMs)}`;
        return `${id} ${analysedFps.toFixed(1)} fps${latencyMs ? ` p95 ${Math.round(latencyMs.p95)} ms` : ''}${late}`;
      });
      return `stats  ${Math.round(system.rssBytes / 1e6)} MB  ${each.join('  ')}`;
    }
    case 'gap':
      return 'some episodes were missed while the connection was lost';
    case 'preview':
    // Its insight follows with all of it.
    case 'writing':
      return null;
  }
}

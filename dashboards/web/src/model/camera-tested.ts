import type { SourceEnd, StreamFacts } from '../../../../src/domain/live.js';
import { countText, END_WORDS, rateText } from '../words.js';

/** What came of opening a camera, as the server tells it. */
export interface TestedCamera {
  readonly stream: StreamFacts | null;
  readonly firstPictureMs: number | null;
  readonly fps: number | null;
  readonly damaged: number;
  readonly end: SourceEnd | null;
  readonly picture: 'shown' | 'blurred' | 'off' | 'none';
  /** Base64. */
  readonly jpeg: string | null;
}

/** In words: whether it works, then what there is to know, a line each. */
export function testedWords(tested: TestedCamera): {
  readonly works: boolean;
  readonly title: string;
  readonly lines: readonly string[];
} {
  const { stream, end } = tested;
  if (stream === null) {
    const lines = end === null ? [] : [end.message];
    return { works: false, title: end === null ? 'No picture came' : END_WORDS[end.reason], lines };
  }
  const lines = [streamWords(stream), ...pictureWords(tested)];
  if (end === null) return { works: true, title: 'It works', lines };
  return {
    works: false,
    title: `Pictures came, then: ${END_WORDS[end.reason].toLowerCase()}`,
    lines: [...lines, end.message],
  };
}

function streamWords({ widthPx, heightPx, codec, decoderProblem }: StreamFacts): string {
  const words = `${widthPx} × ${heightPx} pixels${codec === null ? '' : `, ${codec}`}`;
  return decoderProblem === null ? words : `${words}; ${decoderProblem}`;
}

function pictureWords({ fps, firstPictureMs, damaged, picture }: TestedCamera): string[] {
  const rate = fps === null ? 'One picture arrived' : `${rateText(fps)} pictures a second`;
  const first = firstPictureMs === null ? '' : `, the first after ${(firstPictureMs / 1000).toFixed(1)}\u00a0s`;
  return [
    rate + first,
    ...(damaged === 0 ? [] : [`${countText(damaged, 'picture')} arrived damaged: check its network`]),
    ...(picture === 'off' ? ['Pictures are switched off on this server (preview.enabled)'] : []),
    ...(picture === 'blurred' ? ['The picture is blurred as a whole: nobody has looked for faces in it'] : []),
  ];
}

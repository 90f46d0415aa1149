import { isTemplate } from '../../../../src/domain/insight.js';
import { clock } from '../../../../src/report/format.js';
import {
  type Claim,
  fusionWords,
  insightWords,
  reasonsTitle,
  STANDING_WORDS,
  VERDICT_WORDS,
} from '../../../../src/report/insight-words.js';
import { h, keyedChildren, setAttribute, setText } from '../dom.js';
import { insightsOf } from '../model/insights.js';
import type { PageInsight } from '../model/state.js';
import { writingOf } from '../model/writings.js';
import type { Actions, View } from '../view.js';
import { timeOfDay } from '../words.js';

/** Most insights shown of a person. */
const SHOWN = 3;

const hidden = { 'aria-hidden': 'true' } as const;

function claimItem({ code, name, verdict }: Claim): HTMLElement {
  const { sign, words } = VERDICT_WORDS[verdict];
  return h('li', {
    attributes: { 'data-verdict': verdict },
    children: [
      h('span', { className: 'sign', text: sign, attributes: hidden }),
      h('span', { className: 'claim', children: [h('b', { text: code }), ` ${name}`] }),
      h('span', { className: 'verdict', text: words }),
    ],
  });
}

/** Button with the picture that the words are about; without one, the time alone. */
function createEvidence(actions: Actions, { insight, atMs }: PageInsight) {
  const time = h('span', { className: 'when', text: timeOfDay(atMs) });
  const picture = h('img', { attributes: { alt: '', width: '72', height: '72' } });
  picture.addEventListener('error', () => {
    picture.hidden = true;
  });
  const root = h('button', {
    className: 'evidence',
    attributes: {
      type: 'button',
      'aria-label': `Face ${insight.track} at ${time.textContent}, which the words are about`,
    },
    children: [picture, time],
    onClick: () => actions.hold(atMs),
  });
  let shown: string | null | undefined;
  return {
    root,
    update(evidence: string | null, view: View): void {
      if (shown !== evidence) {
        shown = evidence;
        picture.hidden = evidence === null;
        if (evidence === null) picture.removeAttribute('src');
        else picture.src = `data:image/jpeg;base64,${evidence}`;
      }
      const span = view.history.span();
      root.disabled = !span || atMs < span.fromMs;
      setAttribute(root, 'title', root.disabled ? 'No longer in this page’s memory' : 'Pause at this moment');
    },
  };
}

/** One insight. It never changes, save for its picture, which may give way. */
function createInsight(actions: Actions, shown: PageInsight) {
  const words = insightWords(shown.insight);
  const fusion = fusionWords(shown.fusion);
  const evidence = createEvidence(actions, shown);
  const verdict =
    words.standing === 'disagrees'
      ? h('p', {
          className: 'disagrees',
          children: [
            h('span', { className: 'sign', text: '≠', attributes: hidden }),
            h('span', { children: [h('b', { text: 'Disagrees with the measurement' }), `: ${words.disagreement}.`] }),
          ],
        })
      : words.standing === 'repeated'
        ? null
        : h('p', { className: 'agrees', text: STANDING_WORDS[words.standing] });
  const origin = h('p', {
    className: 'origin',
    text: `${words.origin}${fusion === null ? '' : `; ${fusion}`}; media time ${clock(shown.insight.ptsUs / 1e6)}.`,
  });
  const texts = words.unparsable
    ? [h('p', { className: 'origin unreadable', text: 'Its answer could not be read; nothing is taken from it.' })]
    : [
        h('p', {
          className: 'headline',
          children: [h('b', { text: words.headline }), words.detail === null ? null : ` (${words.detail})`],
        }),
        verdict,
        words.description === null ? null : h('p', { className: 'words', text: words.description }),
      ];
  const claims = words.unparsable || words.claims.length === 0 ? null : words.claims.map(claimItem);
  const root = h('li', {
    className: words.unparsable ? 'insight unparsable' : 'insight',
    children: [
      h('div', { className: 'insight-head', children: [evidence.root, h('div', { children: texts })] }),
      claims && h('ul', { className: 'claims', attributes: { 'aria-label': 'Movements it names' }, children: claims }),
      words.omitted.length === 0
        ? null
        : h('p', { className: 'origin', text: `Measured, but not named: ${words.omitted.join(', ')}.` }),
      words.reasoning === null || words.unparsable
        ? null
        : h('details', {
            children: [
              h('summary', { text: reasonsTitle(shown.insight) }),
              h('p', { className: 'words', text: words.reasoning }),
            ],
          }),
      origin,
    ],
  });
  return { root, update: (now: PageInsight, view: View) => evidence.update(now.evidence, view) };
}

/** What was said of a person in words, newest first up to the moment shown; nothing where it said nothing. */
export function createInsights(actions: Actions): {
  readonly root: HTMLElement;
  update(who: { readonly source: string; readonly track: number; readonly atMs: number }, view: View): void;
} {
  const list = h('ul', { className: 'insight-list' });
  const note = h('small');
  const writing = h('p', { className: 'writing' });
  const root = h('section', {
    className: 'insights',
    attributes: { 'aria-label': 'In words' },
    children: [h('h3', { children: ['In words ', note] }), writing, list],
  });
  let view: View;
  const keep = keyedChildren<PageInsight, ReturnType<typeof createInsight>>(list, {
    keyOf: ({ insight }) => insight.id,
    make: (shown) => createInsight(actions, shown),
    update: (item, shown) => item.update(shown, view),
  });
  return {
    root,
    update(who, now) {
      view = now;
      const shown = insightsOf(now.state.insights, { ...who, most: SHOWN });
      const words = writingOf(now.state.writings, who);
      const repeats = shown.length > 0 && shown.every(({ insight }) => isTemplate(insight));
      setText(
        note,
        repeats
          ? 'made from the measurements, which they repeat'
          : 'claims of a model, checked against the measurement',
      );
      writing.hidden = words === null;
      setText(writing, words === null ? '' : `Writing: ${words}`);
      root.hidden = shown.length === 0 && words === null;
      keep(shown);
    },
  };
}

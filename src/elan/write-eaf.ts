import type { EpisodeKind } from '../domain/episode-kind.js';
import type { Micros } from '../domain/units.js';
import { type TierSubject, tierName, tierWords } from './tiers.js';
import { escapeXml } from './xml.js';

/** A file that an ELAN file links, as ELAN names it. */
export interface EafLink {
  /** "file:///videos/talk.mp4" */
  readonly url: string;
  /** "./talk.mp4"; null where no relative path leads there. */
  readonly relativeUrl: string | null;
  readonly mimeType: string;
}

/** One annotation to be written. */
export interface EafEntry extends Omit<TierSubject, 'label'> {
  readonly label: string;
  readonly onsetUs: Micros;
  readonly offsetUs: Micros;
}

/** What an ELAN file says. */
export interface EafContent {
  readonly media: EafLink;
  /** Time series and their configuration. */
  readonly linked: readonly EafLink[];
  /** Who has tiers, also without an annotation; the name is the participant's. */
  readonly people: readonly { readonly person: number; readonly name: string | null }[];
  readonly entries: readonly EafEntry[];
  /** Keys of the action units of the run, for their vocabulary. */
  readonly units: readonly string[];
  /** Facts by name, which ELAN keeps. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Kinds whose tiers every person has, so that a rater finds where to add. */
const ALWAYS = ['emotion', 'blink', 'speech'] as readonly EpisodeKind[];
/** ELAN asks for a date. It is no clock's, so that two runs write the same bytes; ELAN puts its own there when it saves. */
const DATE = '2000-01-01T00:00:00Z';
const LANGUAGE = 'und';
const CONSTRAINTS: readonly (readonly [stereotype: string, description: string])[] = [
  [
    'Time_Subdivision',
    "Time subdivision of parent annotation's time interval, no time gaps allowed within this interval",
  ],
  [
    'Symbolic_Subdivision',
    'Symbolic subdivision of a parent annotation. Annotations refering to the same parent are ordered',
  ],
  ['Symbolic_Association', '1-1 association with a parent annotation'],
  ['Included_In', "Time alignable annotations within the parent annotation's time interval, gaps are allowed"],
];

interface Placed {
  readonly id: string;
  readonly beginMs: number;
  readonly endMs: number;
  readonly entry: EafEntry;
}

interface Tier {
  readonly name: string;
  readonly subject: TierSubject;
  readonly annotations: readonly Placed[];
}

/**
 * The text of an ELAN file (EAF 3.0), in pieces that end at lines: tiers of each person, whole milliseconds, a vocabulary for each
 * kind. ELAN, its schema and other readers of it take it as it is.
 */
export function* eafText(content: EafContent): Generator<string> {
  const tiers = tiersOf(content);
  const placed = tiers.flatMap(({ annotations }) => annotations);
  const words = wordsOf(content);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<ANNOTATION_DOCUMENT AUTHOR="mien" DATE="${DATE}" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">\n`;
  yield headerText(content, placed.length);
  yield '    <TIME_ORDER>\n';
  const slots = placed.flatMap(({ id, beginMs, endMs }) => [
    { id: slotId(id, 1), ms: beginMs },
    { id: slotId(id, 2), ms: endMs },
  ]);
  for (const { id, ms } of slots.sort((a, b) => a.ms - b.ms))
    yield `        ${tag('TIME_SLOT', { TIME_SLOT_ID: id, TIME_VALUE: ms })}\n`;
  yield '    </TIME_ORDER>\n';
  for (const tier of tiers) yield* tierText(tier, content.people, words);
  for (const kind of words.keys()) {
    const type = {
      LINGUISTIC_TYPE_ID: kind,
      TIME_ALIGNABLE: 'true',
      GRAPHIC_REFERENCES: 'false',
      CONTROLLED_VOCABULARY_REF: kind,
    };
    yield `    ${tag('LINGUISTIC_TYPE', type)}\n`;
  }
  yield `    ${tag('LANGUAGE', { LANG_ID: LANGUAGE, LANG_LABEL: 'undetermined (und)' })}\n`;
  for (const [stereotype, description] of CONSTRAINTS)
    yield `    ${tag('CONSTRAINT', { STEREOTYPE: stereotype, DESCRIPTION: description })}\n`;
  for (const [kind, entries] of words) yield vocabularyText(kind, entries);
  yield '</ANNOTATION_DOCUMENT>\n';
}

/** An element without content; attributes that are null are left out. */
function tag(name: string, attributes: Readonly<Record<string, string | number | null>>, end = '/'): string {
  const given = Object.entries(attributes).filter(([, value]) => value !== null);
  return `<${[name, ...given.map(([key, value]) => `${key}="${escapeXml(String(value))}"`)].join(' ')}${end}>`;
}

const slotId = (id: string, end: 1 | 2): string => `ts${2 * Number(id.slice(1)) - 2 + end}`;
const wordId = (kind: string, value: string): string => `cveid_${kind}_${value}`;

function headerText({ media, linked, properties }: EafContent, annotations: number): string {
  const facts = { ...properties, lastUsedAnnotationId: String(annotations) };
  const lines = [
    '    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">',
    `        ${tag('MEDIA_DESCRIPTOR', { MEDIA_URL: media.url, MIME_TYPE: media.mimeType, RELATIVE_MEDIA_URL: media.relativeUrl })}`,
    ...linked.map(({ url, relativeUrl, mimeType }) => {
      const associated = mimeType === 'text/xml' ? null : media.url;
      const link = { LINK_URL: url, MIME_TYPE: mimeType, RELATIVE_LINK_URL: relativeUrl, ASSOCIATED_WITH: associated };
      return `        ${tag('LINKED_FILE_DESCRIPTOR', link)}`;
    }),
    ...Object.entries(facts).map(
      ([name, value]) => `        ${tag('PROPERTY', { NAME: name }, '')}${escapeXml(value)}</PROPERTY>`,
    ),
    '    </HEADER>',
  ];
  return `${lines.join('\n')}\n`;
}

type Words = ReturnType<typeof tierWords>;

/** With the units of a rater who saw one that the model does not read. */
function wordsOf({ units, entries }: EafContent): Words {
  const said = entries.filter(({ kind }) => kind === 'action-unit').map(({ label }) => label.replace(/^AU/, ''));
  return tierWords([...new Set([...units, ...said])]);
}

function* tierText(
  { name, subject, annotations }: Tier,
  people: EafContent['people'],
  words: Words,
): Generator<string> {
  const { person, kind, rater } = subject;
  const known = new Set(words.get(kind)?.map(({ value }) => value));
  const participant = people.find((each) => each.person === person)?.name ?? `Person ${person}`;
  const attributes = { LINGUISTIC_TYPE_REF: kind, PARTICIPANT: participant, ANNOTATOR: rater ?? 'mien', TIER_ID: name };
  if (annotations.length === 0) {
    yield `    ${tag('TIER', attributes)}\n`;
    return;
  }
  yield `    ${tag('TIER', attributes, '')}\n`;
  for (const { id, entry } of annotations) {
    const at = {
      ANNOTATION_ID: id,
      CVE_REF: known.has(entry.label) ? wordId(kind, entry.label) : null,
      TIME_SLOT_REF1: slotId(id, 1),
      TIME_SLOT_REF2: slotId(id, 2),
    };
    yield `        <ANNOTATION>\n            ${tag('ALIGNABLE_ANNOTATION', at, '')}\n`;
    yield `                <ANNOTATION_VALUE>${escapeXml(entry.label)}</ANNOTATION_VALUE>\n`;
    yield '            </ALIGNABLE_ANNOTATION>\n        </ANNOTATION>\n';
  }
  yield '    </TIER>\n';
}

function vocabularyText(
  kind: string,
  entries: readonly { readonly value: string; readonly meaning: string }[],
): string {
  const lines = entries.flatMap(({ value, meaning }) => [
    `        ${tag('CV_ENTRY_ML', { CVE_ID: wordId(kind, value) }, '')}`,
    `            ${tag('CVE_VALUE', { DESCRIPTION: meaning, LANG_REF: LANGUAGE }, '')}${escapeXml(value)}</CVE_VALUE>`,
    '        </CV_ENTRY_ML>',
  ]);
  const open = `    ${tag('CONTROLLED_VOCABULARY', { CV_ID: kind }, '')}\n        <DESCRIPTION LANG_REF="${LANGUAGE}"/>\n`;
  return `${open}${lines.map((line) => `${line}\n`).join('')}    </CONTROLLED_VOCABULARY>\n`;
}

/** Tiers in order of person, rater and kind, their annotations numbered through. */
function tiersOf({ people, entries }: EafContent): Tier[] {
  const groups = new Map<string, { readonly subject: TierSubject; readonly held: EafEntry[] }>();
  const groupOf = (subject: TierSubject): EafEntry[] => {
    const name = tierName(subject);
    const group = groups.get(name) ?? { subject, held: [] };
    groups.set(name, group);
    return group.held;
  };
  const raters = [...new Set([null, ...entries.map(({ rater }) => rater)])];
  for (const { person } of people)
    for (const rater of raters) for (const kind of ALWAYS) groupOf({ person, kind, label: null, rater });
  for (const entry of entries) {
    const { person, kind, rater } = entry;
    groupOf({ person, kind, label: kind === 'action-unit' ? entry.label : null, rater }).push(entry);
  }
  let count = 0;
  return [...groups.values()]
    .sort((a, b) => compareSubjects(a.subject, b.subject))
    .flatMap(({ subject, held }) =>
      lanesOf(held).map((lane, at) => ({ name: tierName(subject, at + 1), subject, lane })),
    )
    .map(({ name, subject, lane }) => ({
      name,
      subject,
      annotations: lane.map((each) => ({ id: `a${++count}`, ...each })),
    }));
}

function compareSubjects(a: TierSubject, b: TierSubject): number {
  const kinds = [...tierWords([]).keys()];
  const unit = ({ label }: TierSubject): number => Number(label?.replace(/\D/g, '') ?? 0);
  const order = kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || unit(a) - unit(b);
  return (
    a.person - b.person ||
    (a.rater ?? '').localeCompare(b.rater ?? '') ||
    order ||
    (a.label ?? '').localeCompare(b.label ?? '')
  );
}

/** Annotations of one tier cannot overlap: what does goes to a further one. Whole milliseconds, each at least one long. */
function lanesOf(held: readonly EafEntry[]): Omit<Placed, 'id'>[][] {
  const lanes: Omit<Placed, 'id'>[][] = [[]];
  for (const entry of [...held].sort((a, b) => a.onsetUs - b.onsetUs || a.offsetUs - b.offsetUs)) {
    const onsetMs = Math.max(0, Math.round(entry.onsetUs / 1000));
    const free = (lane: Omit<Placed, 'id'>[]): number => lane.at(-1)?.endMs ?? 0;
    // A millisecond is what rounding makes of two that touch.
    const lane = lanes.find((each) => free(each) <= onsetMs + 1) ?? lanes[lanes.push([]) - 1]!;
    const beginMs = Math.max(onsetMs, free(lane));
    lane.push({ beginMs, endMs: Math.max(beginMs + 1, Math.round(entry.offsetUs / 1000)), entry });
  }
  return lanes;
}

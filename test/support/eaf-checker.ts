import { parseXml, type XmlElement } from '../../src/elan/xml.js';

/**
 * What EAF 3.0 lets stand in an element, in this order (`!`: once, `+`: at least once, else any number), and which attributes it
 * must (`!`) or may have.
 */
const RULES: Readonly<
  Record<string, { readonly children?: readonly string[]; readonly attributes: string; readonly text?: true }>
> = {
  ANNOTATION_DOCUMENT: {
    children: [
      ...['LICENSE', 'HEADER!', 'TIME_ORDER!', 'TIER', 'LINGUISTIC_TYPE', 'LOCALE', 'LANGUAGE', 'CONSTRAINT'],
      ...['CONTROLLED_VOCABULARY', 'LEXICON_REF', 'REF_LINK_SET', 'EXTERNAL_REF'],
    ],
    attributes: 'AUTHOR! DATE! VERSION! FORMAT xmlns:xsi xsi:noNamespaceSchemaLocation',
  },
  HEADER: {
    children: ['MEDIA_DESCRIPTOR', 'LINKED_FILE_DESCRIPTOR', 'PROPERTY'],
    attributes: 'MEDIA_FILE TIME_UNITS',
  },
  MEDIA_DESCRIPTOR: { attributes: 'MEDIA_URL! MIME_TYPE! RELATIVE_MEDIA_URL TIME_ORIGIN EXTRACTED_FROM' },
  LINKED_FILE_DESCRIPTOR: { attributes: 'LINK_URL! MIME_TYPE! RELATIVE_LINK_URL TIME_ORIGIN ASSOCIATED_WITH' },
  PROPERTY: { attributes: 'NAME', text: true },
  TIME_ORDER: { children: ['TIME_SLOT'], attributes: '' },
  TIME_SLOT: { attributes: 'TIME_SLOT_ID! TIME_VALUE' },
  TIER: {
    children: ['ANNOTATION'],
    attributes: 'TIER_ID! LINGUISTIC_TYPE_REF! PARTICIPANT ANNOTATOR DEFAULT_LOCALE PARENT_REF EXT_REF LANG_REF',
  },
  ANNOTATION: { children: ['ALIGNABLE_ANNOTATION', 'REF_ANNOTATION'], attributes: '' },
  ALIGNABLE_ANNOTATION: {
    children: ['ANNOTATION_VALUE!'],
    attributes: 'ANNOTATION_ID! TIME_SLOT_REF1! TIME_SLOT_REF2! EXT_REF LANG_REF CVE_REF SVG_REF',
  },
  REF_ANNOTATION: {
    children: ['ANNOTATION_VALUE!'],
    attributes: 'ANNOTATION_ID! ANNOTATION_REF! PREVIOUS_ANNOTATION EXT_REF LANG_REF CVE_REF',
  },
  ANNOTATION_VALUE: { attributes: '', text: true },
  LINGUISTIC_TYPE: {
    attributes:
      'LINGUISTIC_TYPE_ID! TIME_ALIGNABLE CONSTRAINTS GRAPHIC_REFERENCES CONTROLLED_VOCABULARY_REF EXT_REF LEXICON_REF',
  },
  LOCALE: { attributes: 'LANGUAGE_CODE! COUNTRY_CODE VARIANT' },
  LANGUAGE: { attributes: 'LANG_ID! LANG_DEF LANG_LABEL' },
  CONSTRAINT: { attributes: 'STEREOTYPE! DESCRIPTION' },
  CONTROLLED_VOCABULARY: { children: ['DESCRIPTION', 'CV_ENTRY_ML'], attributes: 'CV_ID! EXT_REF' },
  DESCRIPTION: { attributes: 'LANG_REF!', text: true },
  CV_ENTRY_ML: { children: ['CVE_VALUE+'], attributes: 'CVE_ID! EXT_REF' },
  CVE_VALUE: { attributes: 'LANG_REF! DESCRIPTION', text: true },
};
/** What attributes that are no mere text may hold. */
const VALUES: Readonly<Record<string, RegExp>> = {
  DATE: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  TIME_UNITS: /^(NTSC-frames|PAL-frames|milliseconds)$/,
  TIME_ORIGIN: /^[+-]?\d+$/,
  TIME_VALUE: /^\d{1,10}$/,
  TIME_ALIGNABLE: /^(true|false|0|1)$/,
  GRAPHIC_REFERENCES: /^(true|false|0|1)$/,
};
/** Attributes whose values are unique in the document and can be referred to (xsd:ID), and those that refer (xsd:IDREF). */
const IDS = ['TIME_SLOT_ID', 'ANNOTATION_ID', 'LANG_ID', 'STEREOTYPE', 'LANGUAGE_CODE'];
const ID_REFS = [
  ...['TIME_SLOT_REF1', 'TIME_SLOT_REF2', 'ANNOTATION_REF', 'PREVIOUS_ANNOTATION'],
  ...['LANG_REF', 'CONSTRAINTS', 'DEFAULT_LOCALE'],
];
/** Attributes that name a key of another element (xsd:key, xsd:keyref). */
const KEY_REFS: readonly (readonly [from: string, reference: string, to: string, key: string])[] = [
  ['TIER', 'LINGUISTIC_TYPE_REF', 'LINGUISTIC_TYPE', 'LINGUISTIC_TYPE_ID'],
  ['TIER', 'PARENT_REF', 'TIER', 'TIER_ID'],
  ['LINGUISTIC_TYPE', 'CONTROLLED_VOCABULARY_REF', 'CONTROLLED_VOCABULARY', 'CV_ID'],
  ['ALIGNABLE_ANNOTATION', 'TIME_SLOT_REF1', 'TIME_SLOT', 'TIME_SLOT_ID'],
  ['ALIGNABLE_ANNOTATION', 'TIME_SLOT_REF2', 'TIME_SLOT', 'TIME_SLOT_ID'],
  ['CVE_VALUE', 'LANG_REF', 'LANGUAGE', 'LANG_ID'],
  ['DESCRIPTION', 'LANG_REF', 'LANGUAGE', 'LANG_ID'],
];

function* all(element: XmlElement): Generator<XmlElement> {
  yield element;
  for (const child of element.children) yield* all(child);
}

const shapeProblems = (elements: readonly XmlElement[]): string[] => elements.flatMap(shapeProblemsOf);

function shapeProblemsOf(element: XmlElement): string[] {
  const rule = RULES[element.name];
  if (!rule) return [`<${element.name}> is not of EAF 3.0`];
  const words = rule.attributes.split(' ').filter(Boolean);
  const children = (rule.children ?? []).map((word) => word.replace(/[!+]$/, ''));
  const order = element.children.map(({ name }) => children.indexOf(name));
  const countOf = (word: string): number => element.children.filter(({ name }) => name === word.slice(0, -1)).length;
  return [
    ...(rule.children ?? [])
      .filter((word) => (word.endsWith('!') && countOf(word) !== 1) || (word.endsWith('+') && countOf(word) < 1))
      .map((word) => `<${element.name}> has ${countOf(word)} ${word}`),
    ...(element.name === 'ANNOTATION' && element.children.length !== 1 ? ['<ANNOTATION> is not of one'] : []),
    ...[...element.attributes]
      .filter(([key, value]) => VALUES[key] && !VALUES[key].test(value))
      .map(([key, value]) => `${key} cannot be ${value}`),
    ...words
      .filter((word) => word.endsWith('!') && !element.attributes.has(word.slice(0, -1)))
      .map((word) => `<${element.name}> has no ${word}`),
    ...[...element.attributes.keys()]
      .filter((key) => !words.includes(key) && !words.includes(`${key}!`))
      .map((key) => `<${element.name}> cannot have ${key}`),
    ...(order.some((at, index) => at < 0 || at < (order[index - 1] ?? 0))
      ? [`children of <${element.name}> in no order`]
      : []),
    ...(!rule.text && element.text.trim() !== '' ? [`text in <${element.name}>`] : []),
  ];
}

function referenceProblems(elements: readonly XmlElement[]): string[] {
  const valuesOf = (names: readonly string[]): string[] =>
    elements.flatMap(({ attributes }) => names.flatMap((name) => attributes.get(name) ?? []));
  const ids = valuesOf(IDS);
  const keysOf = (element: string, key: string): string[] =>
    elements.filter(({ name }) => name === element).flatMap(({ attributes }) => attributes.get(key) ?? []);
  return [
    ...ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `${id} is there twice`),
    ...ids.filter((id) => !/^[A-Za-z_][\w.-]*$/.test(id)).map((id) => `${id} is no xsd:ID`),
    ...valuesOf(ID_REFS)
      .filter((id) => !new Set(ids).has(id))
      .map((id) => `${id} is nowhere`),
    ...KEY_REFS.flatMap(([from, reference, to, key]) =>
      keysOf(from, reference)
        .filter((value) => !keysOf(to, key).includes(value))
        .map((value) => `${reference} ${value} is nowhere`),
    ),
    ...KEY_REFS.flatMap(([, , to, key]) => keysOf(to, key).filter((value, at, keys) => keys.indexOf(value) !== at)).map(
      (value) => `${value} is there twice`,
    ),
  ];
}

const named = (elements: readonly XmlElement[], name: string): readonly XmlElement[] =>
  elements.filter((element) => element.name === name);

/** What ELAN asks beyond the schema of tiers and their types: alignable or not, with a parent or not, words of the vocabulary. */
function typeProblems(elements: readonly XmlElement[]): string[] {
  const types = new Map(
    named(elements, 'LINGUISTIC_TYPE').map(({ attributes }) => [attributes.get('LINGUISTIC_TYPE_ID'), attributes]),
  );
  const words = new Map(
    named(elements, 'CONTROLLED_VOCABULARY').map((each) => [
      each.attributes.get('CV_ID'),
      each.children
        .filter(({ name }) => name === 'CV_ENTRY_ML')
        .map(({ attributes, children }) => [attributes.get('CVE_ID')!, children.map(({ text }) => text)] as const),
    ]),
  );
  const ofTier = ({ attributes, children }: XmlElement): string[] => {
    const id = attributes.get('TIER_ID');
    const type = types.get(attributes.get('LINGUISTIC_TYPE_REF'));
    const entries = words.get(type?.get('CONTROLLED_VOCABULARY_REF'));
    const kind = type?.get('TIME_ALIGNABLE') === 'true' ? 'ALIGNABLE_ANNOTATION' : 'REF_ANNOTATION';
    return [
      ...(type?.has('CONSTRAINTS') === attributes.has('PARENT_REF') ? [] : [`${id} and its type disagree on a parent`]),
      ...children
        .flatMap((annotation) => annotation.children)
        .flatMap((each) => {
          const value = each.children[0]?.text ?? '';
          const reference = each.attributes.get('CVE_REF');
          const entry = entries?.find(([, texts]) => texts.includes(value));
          return [
            ...(each.name === kind ? [] : [`<${each.name}> in ${id}`]),
            ...(entries && !entry ? [`${value} is not in the vocabulary`] : []),
            ...(reference !== undefined && reference !== entry?.[0] ? [`CVE_REF ${reference} is not of ${value}`] : []),
          ];
        }),
    ];
  };
  return [
    ...named(elements, 'TIER').flatMap(ofTier),
    ...[...words.values()]
      .flatMap((entries) => entries.map(([id]) => id).filter((id, at, ids) => ids.indexOf(id) !== at))
      .map((id) => `CVE_ID ${id} is there twice`),
  ];
}

/** What ELAN asks beyond the schema of times: slots in order, annotations of a tier apart, each at least a millisecond. */
function timeProblems(elements: readonly XmlElement[]): string[] {
  const slots = named(elements, 'TIME_SLOT').map(
    ({ attributes }) => [attributes.get('TIME_SLOT_ID')!, attributes.get('TIME_VALUE')!] as const,
  );
  const times = new Map(slots.map(([id, value]) => [id, /^\d+$/.test(value) ? Number(value) : Number.NaN]));
  const order = [...times.values()];
  const tierProblems = (tier: XmlElement): string[] => {
    let last = 0;
    return named([...all(tier)], 'ALIGNABLE_ANNOTATION').flatMap(({ attributes }) => {
      const [from, to] = ['TIME_SLOT_REF1', 'TIME_SLOT_REF2'].map((key) => times.get(attributes.get(key)!)!) as [
        number,
        number,
      ];
      const problems = [
        ...(from < last ? [`annotations of ${tier.attributes.get('TIER_ID')} overlap at ${from}`] : []),
        ...(to > from ? [] : [`${attributes.get('ANNOTATION_ID')} takes no time`]),
      ];
      last = to;
      return problems;
    });
  };
  return [
    ...order.filter((ms, at) => !(ms >= (order[at - 1] ?? 0))).map((ms) => `time slots in no order at ${ms}`),
    ...named(elements, 'TIER').flatMap(tierProblems),
  ];
}

/** What of an ELAN file is not as EAF 3.0 and ELAN ask; empty when all is. It is written down anew here: the schema is not ours. */
export function eafProblems(text: string): string[] {
  const elements = [...all(parseXml(text, 'eaf'))];
  return [shapeProblems, referenceProblems, typeProblems, timeProblems].flatMap((check) => check(elements));
}

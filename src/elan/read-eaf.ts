import { readFile, stat } from 'node:fs/promises';
import { AffectError } from '../domain/errors.js';
import { type Micros, micros } from '../domain/units.js';
import { parseXml, type XmlElement } from './xml.js';

/** One annotation of a tier, in the video's own time. */
export interface EafAnnotation {
  /** "a17": unique in the file. */
  readonly id: string;
  readonly fromUs: Micros;
  /** Exclusive. */
  readonly toUs: Micros;
  readonly value: string;
}

/** One tier, its annotations in order of time. */
export interface EafTier {
  readonly id: string;
  readonly participant: string | null;
  readonly annotator: string | null;
  readonly annotations: readonly EafAnnotation[];
}

/** What is read of an ELAN file. */
export interface EafDocument {
  /** Of the first linked medium: "file:///videos/talk.mp4"; null where nothing is linked. */
  readonly mediaUrl: string | null;
  readonly properties: ReadonlyMap<string, string>;
  readonly tiers: readonly EafTier[];
}

/** Larger than an ELAN file of a day's annotations. */
export const EAF_MAX_BYTES = 64 * 1024 * 1024;

/** Reads an ELAN file. Throws INPUT_NOT_FOUND, INPUT_UNSUPPORTED or INPUT_DAMAGED. */
export async function readEaf(path: string): Promise<EafDocument> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > EAF_MAX_BYTES) throw unsupported(path, `is over ${EAF_MAX_BYTES / 1024 ** 2} MiB: split it in ELAN`);
    bytes = await readFile(path);
  } catch (cause) {
    if (cause instanceof AffectError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new AffectError('INPUT_NOT_FOUND', `${path} cannot be read (${code}); name an ELAN file (.eaf)`, { cause });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AffectError('INPUT_DAMAGED', `${path} is not UTF-8: save it in ELAN again`, { cause });
  }
  return parseEaf(text, path);
}

/** The annotations of one tier of an ELAN file, in order of time. Throws what `readEaf` throws, and USAGE where there is no such tier. */
export async function readEafTier(path: string, tier: string): Promise<readonly EafAnnotation[]> {
  const { tiers } = await readEaf(path);
  const found = tiers.find(({ id }) => id === tier);
  if (found) return found.annotations;
  const names = tiers.map(({ id }) => `"${id}"`).join(', ');
  throw new AffectError('USAGE', `${path}: no tier "${tier}" among ${names || 'none'}`);
}

/** Reads the text of an ELAN file. `path` is only for messages. Throws INPUT_UNSUPPORTED or INPUT_DAMAGED. */
export function parseEaf(text: string, path: string): EafDocument {
  const root = parseXml(text, path);
  if (root.name !== 'ANNOTATION_DOCUMENT') {
    throw new AffectError(
      'INPUT_DAMAGED',
      `${path}: <${root.name}> is no ELAN file, which begins with <ANNOTATION_DOCUMENT>`,
    );
  }
  const header = root.children.find(({ name }) => name === 'HEADER');
  const units = header?.attributes.get('TIME_UNITS') ?? 'milliseconds';
  if (units !== 'milliseconds') throw unsupported(path, `has times in ${units}: save it with times in milliseconds`);
  const media = header?.children.find(({ name }) => name === 'MEDIA_DESCRIPTOR');
  const properties = (header?.children ?? [])
    .filter(({ name }) => name === 'PROPERTY')
    .map((each) => [each.attributes.get('NAME') ?? '', each.text] as const);
  return {
    mediaUrl: media?.attributes.get('MEDIA_URL') ?? null,
    properties: new Map(properties),
    tiers: new TierReader(root, path, Number(media?.attributes.get('TIME_ORIGIN') ?? 0)).tiers(),
  };
}

const unsupported = (path: string, what: string): AffectError =>
  new AffectError('INPUT_UNSUPPORTED', `${path} ${what}`);

interface Aligned {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Parts of one annotation, each after the one that it names as the one before; where they name none, as in the file. */
function inOrder(parts: readonly XmlElement[]): readonly XmlElement[] {
  const after = new Map(parts.map((part) => [part.attributes.get('PREVIOUS_ANNOTATION'), part] as const));
  const ordered: XmlElement[] = [];
  for (let next = after.get(undefined); next && ordered.length < parts.length; )
    next = after.get(ordered[ordered.push(next) - 1]!.attributes.get('ANNOTATION_ID'));
  return ordered.length === parts.length ? ordered : parts;
}

class TierReader {
  readonly #root: XmlElement;
  readonly #path: string;
  /** ELAN's time 0 is here in the medium. */
  readonly #originMs: number;
  /** Null: not aligned, somewhere between its neighbours. */
  readonly #slots = new Map<string, number | null>();
  readonly #times = new Map<string, Aligned>();

  constructor(root: XmlElement, path: string, originMs: number) {
    this.#root = root;
    this.#path = path;
    this.#originMs = Number.isFinite(originMs) ? originMs : 0;
    for (const slot of root.children.filter(({ name }) => name === 'TIME_ORDER').flatMap(({ children }) => children)) {
      const value = slot.attributes.get('TIME_VALUE');
      if (value !== undefined && !/^\d{1,12}$/.test(value)) throw this.#damaged(slot, `${value} are no milliseconds`);
      this.#slots.set(this.#need(slot, 'TIME_SLOT_ID'), value === undefined ? null : Number(value));
    }
  }

  tiers(): EafTier[] {
    const tiers = this.#root.children.filter(({ name }) => name === 'TIER');
    const inner = tiers.map((tier) => [tier, tier.children.flatMap(({ children }) => children)] as const);
    for (const [, annotations] of inner) this.#align(annotations.filter(({ name }) => name === 'ALIGNABLE_ANNOTATION'));
    this.#refer(inner.map(([, annotations]) => annotations.filter(({ name }) => name === 'REF_ANNOTATION')));
    return inner.map(([tier, annotations]) => ({
      id: this.#need(tier, 'TIER_ID'),
      participant: tier.attributes.get('PARTICIPANT') ?? null,
      annotator: tier.attributes.get('ANNOTATOR') ?? null,
      annotations: annotations
        .map((each) => this.#annotation(each))
        .sort((a, b) => a.fromUs - b.fromUs || a.toUs - b.toUs),
    }));
  }

  #annotation(element: XmlElement): EafAnnotation {
    const id = this.#need(element, 'ANNOTATION_ID');
    const time = this.#times.get(id);
    if (!time) throw this.#damaged(element, `annotation ${id} is nowhere in time`);
    const at = (ms: number): Micros => micros(Math.round((ms + this.#originMs) * 1000));
    const value = element.children.find(({ name }) => name === 'ANNOTATION_VALUE')?.text ?? '';
    return { id, fromUs: at(time.fromMs), toUs: at(time.toMs), value };
  }

  /** Times of one tier. Slots without a time are spread evenly between those that have one, as ELAN draws them. */
  #align(annotations: readonly XmlElement[]): void {
    const ends = annotations.map(
      (each) => [this.#need(each, 'TIME_SLOT_REF1'), this.#need(each, 'TIME_SLOT_REF2')] as const,
    );
    const used = new Set(ends.flat());
    for (const slot of used)
      if (!this.#slots.has(slot)) throw this.#damaged(this.#root, `there is no time slot ${slot}`);
    const order = [...this.#slots.keys()].filter((slot) => used.has(slot));
    for (const [at, slot] of order.entries()) {
      if (this.#slots.get(slot) !== null) continue;
      const next = order.slice(at).findIndex((each) => typeof this.#slots.get(each) === 'number');
      const before = at === 0 ? undefined : this.#slots.get(order[at - 1]!);
      const after = next < 0 ? undefined : this.#slots.get(order[at + next]!);
      if (typeof before !== 'number' || typeof after !== 'number')
        throw this.#damaged(this.#root, `time slot ${slot} has no time, and none on both sides of it`);
      this.#slots.set(slot, before + (after - before) / (next + 1));
    }
    for (const [at, [from, to]] of ends.entries()) {
      const [fromMs, toMs] = [this.#slots.get(from)!, this.#slots.get(to)!];
      const each = annotations[at]!;
      if (toMs < fromMs)
        throw this.#damaged(each, `annotation ${each.attributes.get('ANNOTATION_ID')} ends before it begins`);
      this.#times.set(this.#need(each, 'ANNOTATION_ID'), { fromMs, toMs });
    }
  }

  /** Annotations that have the time of another one, or of a part of it; the tier of that one may come later in the file. */
  #refer(tiers: readonly (readonly XmlElement[])[]): void {
    let waiting = tiers.flatMap((annotations) => {
      const groups = new Map<string, XmlElement[]>();
      for (const each of annotations) {
        const parent = this.#need(each, 'ANNOTATION_REF');
        groups.set(parent, [...(groups.get(parent) ?? []), each]);
      }
      return [...groups].map(([parent, parts]) => [parent, inOrder(parts)] as const);
    });
    while (waiting.length > 0) {
      const left = waiting.filter(([parent, parts]) => !this.#share(parent, parts));
      if (left.length === waiting.length) {
        const [parent, [first]] = left[0]!;
        throw this.#damaged(first!, `there is no annotation ${parent}, or it refers to itself`);
      }
      waiting = left;
    }
  }

  #share(parent: string, parts: readonly XmlElement[]): boolean {
    const whole = this.#times.get(parent);
    if (!whole) return false;
    const stepMs = (whole.toMs - whole.fromMs) / parts.length;
    for (const [at, part] of parts.entries()) {
      const fromMs = whole.fromMs + at * stepMs;
      this.#times.set(this.#need(part, 'ANNOTATION_ID'), { fromMs, toMs: fromMs + stepMs });
    }
    return true;
  }

  #need(element: XmlElement, attribute: string): string {
    const value = element.attributes.get(attribute);
    if (value === undefined) throw this.#damaged(element, `<${element.name}> has no ${attribute}`);
    return value;
  }

  #damaged({ line }: XmlElement, what: string): AffectError {
    return new AffectError('INPUT_DAMAGED', `${this.#path}, line ${line}: ${what}`);
  }
}

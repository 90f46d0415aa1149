import { AffectError } from '../domain/errors.js';

/** An element of an XML document. Text is what stands directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** On which it begins, from 1. */
  readonly line: number;
}

interface OpenElement extends XmlElement {
  readonly attributes: Map<string, string>;
  readonly children: OpenElement[];
  text: string;
}

/** Elements in one another, and in all: what no file of annotations comes near. */
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 2_000_000;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const NAME = String.raw`[A-Za-z_:][\w:.\-\u00b7-\uffff]*`;
const TAG = new RegExp(String.raw`<(\/?)(${NAME})((?:\s+${NAME}\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>`, 'y');
const ATTRIBUTE = new RegExp(String.raw`(${NAME})\s*=\s*(?:"([^"]*)"|'([^']*)')`, 'g');

/**
 * Reads the XML that programs of annotation write. It is our own because so little is needed of it, and because what is dangerous
 * in XML is then simply not there: a DOCTYPE is refused, so nothing expands and nothing is fetched, and depth and number are bound.
 * Throws INPUT_DAMAGED with the line. `path` is only for messages.
 */
export function parseXml(text: string, path: string): XmlElement {
  return new XmlReader(text, path).document();
}

class XmlReader {
  readonly #text: string;
  readonly #path: string;
  #at = 0;
  /** Where `#line` was counted to. */
  #counted = 0;
  #line = 1;
  #elements = 0;

  constructor(text: string, path: string) {
    this.#text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#path = path;
  }

  document(): XmlElement {
    const open: OpenElement[] = [];
    let root: OpenElement | null = null;
    while (this.#at < this.#text.length) {
      const next = this.#text.indexOf('<', this.#at);
      const until = next < 0 ? this.#text.length : next;
      this.#words(this.#text.slice(this.#at, until), open.at(-1));
      this.#at = until;
      if (next < 0) break;
      if (this.#aside(open.at(-1))) continue;
      const made = this.#tag(open);
      if (made === null) continue;
      if (open.length === 0 && root !== null) throw this.#damaged('a second root element');
      if (open.length === 0) root = made.element;
      else open.at(-1)!.children.push(made.element);
      if (!made.closed) open.push(made.element);
      if (open.length > MAX_DEPTH) throw this.#damaged(`elements more than ${MAX_DEPTH} deep`);
    }
    if (open.length > 0) throw this.#damaged(`<${open.at(-1)!.name}> is never closed`);
    if (root === null) throw this.#damaged('no XML element');
    return root;
  }

  #words(words: string, parent: OpenElement | undefined): void {
    if (parent) parent.text += this.#decoded(words);
    else if (words.trim() !== '') throw this.#damaged('text outside of the root element');
  }

  /** Steps over a declaration or comment, and takes CDATA. False where a tag begins. */
  #aside(parent: OpenElement | undefined): boolean {
    const text = this.#text;
    for (const [begin, end] of [
      ['<!--', '-->'],
      ['<?', '?>'],
      ['<![CDATA[', ']]>'],
    ] as const) {
      if (!text.startsWith(begin, this.#at)) continue;
      const stop = text.indexOf(end, this.#at + begin.length);
      if (stop < 0) throw this.#damaged(`${begin} is never closed`);
      if (begin === '<![CDATA[') {
        if (!parent) throw this.#damaged('text outside of the root element');
        parent.text += text.slice(this.#at + begin.length, stop);
      }
      this.#at = stop + end.length;
      return true;
    }
    if (text.startsWith('<!', this.#at))
      throw this.#damaged('a document type, which is not read: save the file without');
    return false;
  }

  /** An element that begins here; null where one ends. */
  #tag(open: OpenElement[]): { readonly element: OpenElement; readonly closed: boolean } | null {
    TAG.lastIndex = this.#at;
    const found = TAG.exec(this.#text);
    if (!found) throw this.#damaged(`no XML tag: ${this.#text.slice(this.#at, this.#at + 40).replace(/\s+/g, ' ')}`);
    const [whole, ending, name, attributes, closed] = found as unknown as [string, string, string, string, string];
    if (ending !== '') {
      const last = open.pop();
      if (last?.name !== name) throw this.#damaged(`</${name}> closes ${last ? `<${last.name}>` : 'nothing'}`);
      this.#at += whole.length;
      return null;
    }
    this.#elements += 1;
    if (this.#elements > MAX_ELEMENTS) throw this.#damaged(`more than ${MAX_ELEMENTS} elements`);
    const element: OpenElement = { name, attributes: new Map(), children: [], text: '', line: this.#lineNow() };
    for (const [, key, double, single] of attributes.matchAll(ATTRIBUTE)) {
      if (element.attributes.has(key!)) throw this.#damaged(`<${name}> has ${key} twice`);
      element.attributes.set(key!, this.#decoded((double ?? single)!));
    }
    this.#at += whole.length;
    return { element, closed: closed !== '' };
  }

  #decoded(text: string): string {
    if (!text.includes('&')) return text;
    return text.replace(/&([^;&]{0,12});?/g, (whole, name: string) => {
      const code = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
      const value = code ? Number.parseInt(code[1] ?? code[2]!, code[1] ? 16 : 10) : null;
      const known =
        value === null ? NAMED[name] : value > 0 && value <= 0x10ffff ? String.fromCodePoint(value) : undefined;
      if (known === undefined || !whole.endsWith(';')) throw this.#damaged(`no XML character: ${whole}`);
      return known;
    });
  }

  #lineNow(): number {
    for (let at = this.#text.indexOf('\n', this.#counted); at >= 0 && at < this.#at; ) {
      this.#line += 1;
      this.#counted = at + 1;
      at = this.#text.indexOf('\n', this.#counted);
    }
    return this.#line;
  }

  #damaged(what: string): AffectError {
    return new AffectError('INPUT_DAMAGED', `${this.#path}, line ${this.#lineNow()}: ${what}`);
  }
}

/** Text safe inside XML elements and quoted attributes; what XML 1.0 cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

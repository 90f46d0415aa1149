import type { Micros } from '../domain/units.js';
import { timeUs } from './session-time.js';

/** One subtitle of a transcript. */
export interface Cue {
  /** Of its times in the file, counted from 1. */
  readonly line: number;
  readonly fromUs: Micros;
  readonly toUs: Micros;
  /** On one line, without markup; a speaker that WebVTT names comes first: `Anna: yes`. */
  readonly text: string;
}

/** What a transcript holds, and the lines that look like times and are none. */
export interface Cues {
  readonly cues: readonly Cue[];
  readonly misread: readonly { readonly line: number; readonly text: string }[];
}

const TIMES = /^\s*(\S*:\S+)\s+-->\s+(\S*:\S+)/;

/** Reads SRT and WebVTT. */
export function readCues(text: string): Cues {
  const cues: Cue[] = [];
  const misread: { line: number; text: string }[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at]!.includes('-->')) continue;
    const line = at + 1;
    const [, from, to] = TIMES.exec(lines[at]!) ?? [];
    const [fromUs, toUs] = [timeUs(from), timeUs(to)];
    const said: string[] = [];
    while (at + 1 < lines.length && lines[at + 1]!.trim() !== '' && !lines[at + 1]!.includes('-->'))
      said.push(lines[++at]!);
    if (fromUs === null || toUs === null) misread.push({ line, text: lines[line - 1]!.trim() });
    else cues.push({ line, fromUs, toUs, text: plain(said) });
  }
  return { cues, misread };
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', lrm: '', rlm: '' };

function plain(lines: readonly string[]): string {
  return lines
    .join(' ')
    .replace(/<v(?:\.[^\s>]*)?\s+([^>]+)>/g, '$1: ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(\w+);/g, (whole, name: string) => NAMED[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}

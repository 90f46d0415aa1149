import type { HistoryKind, KeptDay, KeptPicture, KeptRemoval, KeptSummary } from '../../../src/domain/keeping.js';
import type { RuleFiring } from '../../../src/domain/rules.js';
import type { Minute } from '../../../src/keeping/minute-digest.js';
import { firingsOf, minutesOf, type PastFiring, type PastMinute } from './model/past-day.js';
import { call, picture } from './rest.js';

/** Pages that are asked for at most of one kind. */
const MOST_PAGES = 20;
const PAGE = 2000;

/** What one day of a camera shows. */
export interface PastDay {
  readonly minutes: readonly PastMinute[];
  readonly firings: readonly PastFiring[];
}

/** What is kept on disk; null: nothing. Throws Error with the server's words. */
export async function loadKept(): Promise<KeptSummary | null> {
  return ((await call('GET', 'kept')) as { kept: KeptSummary | null }).kept;
}

const queryOf = (source: string, fromMs: number, toMs: number): string =>
  new URLSearchParams({ source, from: String(fromMs), to: String(toMs) }).toString();

async function entriesOf<Entry>(kind: HistoryKind, range: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `kept/history?${range}&kind=${kind}&limit=${PAGE}${after}`;
    const answer = (await call('GET', path)) as { entries: Entry[]; next: string | null };
    entries.push(...answer.entries);
    cursor = answer.next;
  }
  return entries;
}

/** What was kept of a camera and day. Throws Error with the server's words. */
export async function loadDay(source: string, { fromMs, toMs }: KeptDay): Promise<PastDay> {
  const range = queryOf(source, fromMs, toMs);
  const [minutes, firings, { pictures }] = await Promise.all([
    entriesOf<Minute>('minutes', range),
    entriesOf<RuleFiring & { readonly wallTime: string }>('rules', range),
    call('GET', `kept/pictures?${range}&limit=1000`) as Promise<{ pictures: readonly KeptPicture[] }>,
  ]);
  return { minutes: minutesOf(minutes), firings: firingsOf(firings, pictures) };
}

/** A snapshot or clip as an object URL, which whoever asked revokes. */
export const loadPicture = (kind: KeptPicture['kind'], source: string, name: string): Promise<string> =>
  picture(`kept/${kind}?${new URLSearchParams({ source, name })}`);

/** Deletes what is kept of a camera and time. Throws Error with the server's words. */
export async function deleteKept(source: string, fromMs: number, toMs: number): Promise<KeptRemoval> {
  return (await call('DELETE', `kept?${queryOf(source, fromMs, toMs)}`)) as KeptRemoval;
}

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AffectError } from '../domain/errors.js';
import { type LineFile, openLineFile } from '../sinks/line-file.js';
import { unwritable } from '../sinks/output-file.js';
import type { Part } from './divide.js';
import type { Exchange } from './exchanges.js';
import type { LabelledFace } from './face.js';
import { FORM, type FormName } from './forms.js';

/** What one file holds. */
export interface PartCounts {
  readonly file: string;
  exchanges: number;
  pictures: number;
  subjects: number;
  /** How often each class or unit is in an answer. */
  readonly labels: Record<string, number>;
}

/** An exchange as its framework reads it. */
export type Written = Exchange & { readonly record: object };

/** The files of a conversion, under other names until all are whole. */
export interface PartFiles {
  /** By part, of those that hold anything. */
  readonly counts: Readonly<Record<string, PartCounts>>;
  /** Rejects with OUTPUT_UNWRITABLE. */
  write(part: Part, face: LabelledFace, exchanges: readonly Written[]): Promise<void>;
  /** Gives the files their names, with the report and the framework's index beside them. Rejects with OUTPUT_UNWRITABLE. */
  keep(report: object): Promise<void>;
  /** Closes and removes what was not kept. */
  discard(): Promise<void>;
}

interface Open {
  readonly path: string;
  readonly file: LineFile;
  readonly counts: PartCounts;
  readonly subjects: Set<string>;
}

const UNFINISHED = '.unfinished';

/** Where the files go, and how they are called. */
export interface PartFilesOptions {
  readonly out: string;
  /** Begins the names of files. */
  readonly name: string;
  readonly form: FormName;
  readonly overwrite: boolean;
}

/** Opens nothing yet but looks whether it may. Rejects with OUTPUT_EXISTS or OUTPUT_UNWRITABLE. */
export async function openPartFiles(options: PartFilesOptions, parts: readonly Part[]): Promise<PartFiles> {
  const { out, name, form, overwrite } = options;
  const { ending, index } = FORM[form];
  const pathOf = (part: Part): string => join(out, `${name}-${part.name}${ending}`);
  const reportPath = join(out, `${name}.dataset.json`);
  const existing = [...parts.map(pathOf), reportPath].find((path) => existsSync(path));
  if (existing !== undefined && !overwrite)
    throw new AffectError('OUTPUT_EXISTS', `${existing} exists; choose --overwrite, --name or another --out`);
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw unwritable(out, error);
  });
  const open = new Map<string, Open>();
  const opened = async (part: Part): Promise<Open> => {
    const found = open.get(part.name);
    if (found) return found;
    const path = pathOf(part);
    const file = await openLineFile({ base: path, overwrite: true }, UNFINISHED);
    const counts = { file: basename(path), exchanges: 0, pictures: 0, subjects: 0, labels: {} };
    const made: Open = { path, file, counts, subjects: new Set() };
    open.set(part.name, made);
    return made;
  };
  const counts: Record<string, PartCounts> = {};
  return {
    counts,
    async write(part, face, exchanges) {
      const to = await opened(part);
      counts[part.name] = to.counts;
      for (const { record, labels } of exchanges) {
        const text = JSON.stringify(record);
        await to.file.write(ending === '.jsonl' ? `${text}\n` : `${to.counts.exchanges === 0 ? '[' : ','}${text}\n`);
        to.counts.exchanges += 1;
        for (const label of labels) to.counts.labels[label] = (to.counts.labels[label] ?? 0) + 1;
      }
      to.counts.pictures += 1;
      if (face.subject !== null) to.subjects.add(face.subject);
      to.counts.subjects = to.subjects.size;
    },
    async keep(report) {
      for (const { file } of open.values()) {
        if (ending === '.json') await file.write(']\n');
        await file.close();
      }
      const description = index(
        [...open].map(
          ([
            part,
            {
              counts: { file },
            },
          ]) => ({ name: nameOf(name, part), file }),
        ),
      );
      const texts: [string, object][] = [[reportPath, report]];
      if (description !== null) {
        const path = join(out, description.name);
        texts.push([path, { ...(await indexAt(path)), ...description.content }]);
      }
      for (const [path, content] of texts)
        await writeFile(path, `${JSON.stringify(content, null, 2)}\n`).catch((error: unknown) => {
          throw unwritable(path, error);
        });
      for (const { path, file } of open.values()) await rename(file.path, path);
      open.clear();
    },
    async discard() {
      for (const { file } of open.values()) {
        await file.close().catch(() => undefined); // it is removed anyway
        await rm(file.path, { force: true });
      }
      open.clear();
    },
  };
}

/** What an index says already: it may describe other sets in the same folder. Rejects with USAGE where it is none. */
async function indexAt(path: string): Promise<object> {
  if (!existsSync(path)) return {};
  try {
    const index: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof index === 'object' && index !== null && !Array.isArray(index)) return index;
  } catch {
    // named below
  }
  throw new AffectError(
    'USAGE',
    `${path} is no JSON object, so nothing can be added to it; move it or choose another --out`,
  );
}

/** Names in configurations have no signs that a command line would take apart. */
const nameOf = (name: string, part: string): string => `${name}_${part}`.replace(/[^A-Za-z0-9_]+/g, '_');

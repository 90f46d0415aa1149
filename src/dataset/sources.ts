import { AU_SETS } from '../eval/units/au-sets.js';
import type { Source, SourceOptions } from './source.js';
import { affectnetSource } from './sources/affectnet.js';
import { affWild2Source } from './sources/affwild2.js';
import { cExprDbSource } from './sources/c-expr-db.js';
import { csvSource } from './sources/csv.js';
import { fabaInstructSource } from './sources/faba-instruct.js';
import { ferplusSource } from './sources/ferplus.js';
import { rafBasicSource, rafCompoundSource } from './sources/raf-db.js';
import { sfewSource } from './sources/sfew.js';
import { unitSource } from './sources/units.js';

/** Data sets whose published form is read. */
export const SOURCES = [
  'faba-instruct',
  'affwild2',
  'raf-db',
  'raf-db-compound',
  'ferplus',
  'affectnet',
  'sfew',
  ...AU_SETS,
  'c-expr-db',
  'csv',
] as const;
/** One of `SOURCES`. */
export type SourceName = (typeof SOURCES)[number];

const OPEN: Readonly<Record<SourceName, (options: SourceOptions) => Source | Promise<Source>>> = {
  'faba-instruct': fabaInstructSource,
  affwild2: affWild2Source,
  'raf-db': rafBasicSource,
  'raf-db-compound': rafCompoundSource,
  ferplus: ferplusSource,
  affectnet: affectnetSource,
  sfew: sfewSource,
  disfa: unitSource('disfa'),
  bp4d: unitSource('bp4d'),
  gft: unitSource('gft'),
  emotionet: unitSource('emotionet'),
  'c-expr-db': cExprDbSource,
  csv: csvSource,
};

/** Finds a set's files. Rejects with INPUT_NOT_FOUND or USAGE that name what is missing. */
export const openSource = async (name: SourceName, options: SourceOptions): Promise<Source> => OPEN[name](options);

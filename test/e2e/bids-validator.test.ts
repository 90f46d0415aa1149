import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeBidsStudy } from '../support/bids-world.js';
import { tempFolders } from '../support/temp-folder.js';

/** Needs Python with bids-validator-deno 3.0.2, the validator of the specification itself; PYTHON names it. */
const folder = tempFolders();
const PYTHON = process.env.PYTHON ?? 'python3';
const RUN = 'import sys, bids_validator_deno; sys.exit(bids_validator_deno.cli())';

interface Issue {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly location?: string;
  readonly subCode?: string;
}

function issuesOf(dataset: string): readonly Issue[] {
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', RUN, dataset, '--format', 'json'], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as { readonly issues: { readonly issues: readonly Issue[] } }).issues.issues;
}

/** What it would like to be told, and mien does not know: who wrote the study, and one description of all tables of a kind. */
const UNKNOWN = ['TOO_FEW_AUTHORS', 'SIDECAR_KEY_RECOMMENDED', 'JSON_KEY_RECOMMENDED'];

test('the validator of the specification finds no fault with the dataset of a study', async () => {
  const { results } = await writeBidsStudy(folder());
  const dataset = join(results, 'bids');
  expect(issuesOf(dataset).filter(({ code }) => !UNKNOWN.includes(code))).toEqual([]);
  rmSync(join(dataset, 'dataset_description.json'));
  expect(issuesOf(dataset).map(({ severity }) => severity)).toContain('error');
}, 60_000);

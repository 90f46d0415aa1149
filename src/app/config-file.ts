import { constants } from 'node:fs';
import { access, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from '../holding/write-whole.js';

const NO_FILE = 'mien was started without --config';

/** The configuration file as it is edited by mien: one change after the other, each whole or not at all. */
export class ConfigFile {
  #editing: Promise<unknown> = Promise.resolve();

  /** @param file - null: mien was started without one */
  constructor(private readonly file: string | null) {}

  /** Why nothing can be written to it; null: it can. */
  async unsavable(): Promise<string | null> {
    if (this.file === null) return NO_FILE;
    try {
      const path = await realpath(this.file);
      await access(path, constants.R_OK | constants.W_OK);
      // A new text takes the place of the old one.
      await access(dirname(path), constants.W_OK);
      return null;
    } catch (error) {
      return unwritable(error);
    }
  }

  /** @param change - the new text, or why there is none */
  edit(change: (text: string) => { readonly text: string } | { readonly problem: string }): Promise<string | null> {
    const edited = this.#editing.then(() => (this.file === null ? NO_FILE : edit(this.file, change)));
    this.#editing = edited.catch(() => undefined);
    return edited;
  }
}

/** @returns why it could not be written, in words, or null */
async function edit(file: string, change: Parameters<ConfigFile['edit']>[0]): Promise<string | null> {
  try {
    const path = await realpath(file);
    const changed = change(await readFile(path, 'utf8'));
    if ('problem' in changed) return changed.problem;
    const { mode } = await stat(path);
    await writeWhole(path, changed.text, mode);
    return null;
  } catch (error) {
    return unwritable(error);
  }
}

const unwritable = (error: unknown): string =>
  `the configuration file cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`;

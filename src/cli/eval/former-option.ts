import { Option } from 'commander';
import { AffectError } from '../../domain/errors.js';

/** An option of before, which is not in the help: whoever writes it learns the new words. Its parser throws USAGE. */
export const formerOption = (name: string, now: string): Option =>
  new Option(`${name} [value]`)
    .preset('')
    .hideHelp()
    .argParser(() => {
      throw new AffectError('USAGE', `${name} is no longer an option here: ${now}`);
    });

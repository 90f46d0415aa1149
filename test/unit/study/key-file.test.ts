import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookUp, readKey } from '../../../src/study/key-file.js';
import { madeStudy } from '../../support/made-study.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

/** The key of a study named "made", of P1 and P2, in a folder of its own. */
async function keyOf(text: string, at = 'key.csv') {
  const home = folder();
  mkdirSync(join(home, 'results'));
  const path = join(home, at);
  writeFileSync(path, text);
  return readKey(path, madeStudy(join(home, 'results')));
}

describe('a key file', () => {
  it('says who the participants of the study are, and of whom else it tells', async () => {
    const key = await keyOf('participant,name\nP1,Ana\nP2,Ben\nP9,Cem\n');
    expect([...key.names]).toEqual([
      ['P1', 'Ana'],
      ['P2', 'Ben'],
    ]);
    expect(key.strangers).toEqual(['P9']);
    expect(lookUp('ben', key)).toEqual([['P2', 'Ben']]);
    expect(() => lookUp('P9', key)).toThrow('P9: in the key file, but no participant of the study');
    expect(() => lookUp('cem', key)).toThrow('cem: nobody in the key file');
  });

  it('of several studies is read for this one', async () => {
    const key = await keyOf('study,participant,name\nother,P1,Zoe\nmade,P1,Ana\n,P2,Ben\n');
    expect(lookUp('P1', key)).toEqual([['P1', 'Ana']]);
    expect(lookUp('P2', key)).toEqual([['P2', 'Ben']]);
  });

  it('of another study is refused: its P1 is somebody else', async () => {
    await expect(keyOf('study,participant,name\nother,P1,Zoe\n')).rejects.toThrow(
      /key\.csv is of "other", and no row of it of "made"$/,
    );
    await expect(keyOf('participant,name\nQ1,Zoe\nQ2,Kai\n')).rejects.toThrow(
      /key\.csv names no participant of \/nowhere\/study\.yaml \(but Q1, for example\); is it the key of another study\?$/,
    );
  });

  it('is refused among the results, also where a link hides that', async () => {
    await expect(keyOf('participant,name\nP1,Ana\n', 'results/key.csv')).rejects.toThrow('lies among the results');
    const home = folder();
    mkdirSync(join(home, 'results'));
    writeFileSync(join(home, 'results/key.csv'), 'participant,name\nP1,Ana\n');
    symlinkSync(join(home, 'results/key.csv'), join(home, 'key.csv'));
    await expect(readKey(join(home, 'key.csv'), madeStudy(join(home, 'results')))).rejects.toThrow('lies among');
    symlinkSync(join(home, 'results'), join(home, 'way'));
    await expect(readKey(join(home, 'results/key.csv'), madeStudy(join(home, 'way')))).rejects.toThrow('lies among');
  });

  it('is told what is wrong with all of its lines', async () => {
    await expect(keyOf('participant,name\nP1,\nP2,Ben\nP2,Bea\n')).rejects.toThrow(
      /key\.csv: line 2: participant or name is empty; line 4: P2 is there twice$/,
    );
    await expect(keyOf('id,name\nP1,Ana\n')).rejects.toThrow('expected the columns participant,name, got id,name');
  });
});

import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EAF_MAX_BYTES, parseEaf, readEaf, readEafTier } from '../../../src/elan/read-eaf.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();

/** As ELAN 6 saves it: slots shared between tiers, one without a time, a tier of references, and one of parts. */
const EAF = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-15T09:30:00+01:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
    <MEDIA_DESCRIPTOR MEDIA_URL="file:///v/talk.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./talk.mp4"/>
    <PROPERTY NAME="lastUsedAnnotationId">7</PROPERTY>
  </HEADER>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="500"/>
    <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="501"/>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
    <TIME_SLOT TIME_SLOT_ID="ts2"/>
    <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2000"/>
  </TIME_ORDER>
  <TIER LINGUISTIC_TYPE_REF="parts" PARENT_REF="questions" TIER_ID="parts">
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a1"><ANNOTATION_VALUE>x</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a5" ANNOTATION_REF="a1" PREVIOUS_ANNOTATION="a4"><ANNOTATION_VALUE>y</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER ANNOTATOR="anna" PARTICIPANT="P01" LINGUISTIC_TYPE_REF="default-lt" TIER_ID="questions">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>Q1 &amp; more</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE/></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts5"><ANNOTATION_VALUE>Q0</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
`;

const timesOf = (text: string, tier: string) =>
  parseEaf(text, 'x.eaf')
    .tiers.find(({ id }) => id === tier)!
    .annotations.map(({ id, fromUs, toUs, value }) => [id, fromUs / 1000, toUs / 1000, value]);

test('annotations in order of time, their times shared out as ELAN draws them', () => {
  const { mediaUrl, properties, tiers } = parseEaf(EAF, 'x.eaf');
  expect(mediaUrl).toBe('file:///v/talk.mp4');
  expect(properties.get('lastUsedAnnotationId')).toBe('7');
  expect(tiers.map(({ id, participant, annotator }) => [id, participant, annotator])).toEqual([
    ['parts', null, null],
    ['questions', 'P01', 'anna'],
  ]);
  expect(timesOf(EAF, 'questions')).toEqual([
    ['a3', 500, 501, 'Q0'],
    ['a1', 1000, 1500, 'Q1 & more'],
    ['a2', 1500, 2000, ''],
  ]);
  expect(timesOf(EAF, 'parts')).toEqual([
    ['a4', 1000, 1250, 'x'],
    ['a5', 1250, 1500, 'y'],
  ]);
});

test('parts of an annotation are in the order that they name, wherever the file has them', () => {
  const [first, second] = EAF.split('\n').filter((line) => line.includes('<REF_ANNOTATION'));
  const swapped = EAF.replace(`${first}\n${second}`, `${second}\n${first}`);
  expect(swapped).not.toBe(EAF);
  expect(timesOf(swapped, 'parts')).toEqual(timesOf(EAF, 'parts'));
  const unnamed = swapped.replace(' PREVIOUS_ANNOTATION="a4"', '');
  expect(timesOf(unnamed, 'parts').map(([id]) => id)).toEqual(['a5', 'a4']);
});

test('a medium that ELAN begins later: times are those of the medium', () => {
  const later = EAF.replace('MIME_TYPE="video/mp4"', 'MIME_TYPE="video/mp4" TIME_ORIGIN="250"');
  expect(timesOf(later, 'questions')[0]).toEqual(['a3', 750, 751, 'Q0']);
});

describe('what cannot be read is refused with file, line and fix', () => {
  test.each([
    ['<html/>', 'x.eaf: <html> is no ELAN file'],
    [EAF.replace('milliseconds', 'PAL-frames'), 'x.eaf has times in PAL-frames: save it'],
    [EAF.replace('TIME_VALUE="500"', 'TIME_VALUE="-5"'), 'line 8: -5 are no milliseconds'],
    [EAF.replace('TIME_SLOT_REF1="ts4"', 'TIME_SLOT_REF1="ts9"'), 'there is no time slot ts9'],
    [EAF.replace('TIME_SLOT_REF1="ts4"', 'TIME_SLOT_REF1="ts3"'), 'annotation a3 ends before it begins'],
    [EAF.replace(' TIME_VALUE="2000"', ''), 'time slot ts2 has no time'],
    [EAF.replaceAll('ANNOTATION_REF="a1"', 'ANNOTATION_REF="a4"'), 'there is no annotation a4, or it refers to itself'],
    [EAF.replace(' TIER_ID="parts"', ''), 'line 14: <TIER> has no TIER_ID'],
    [EAF.slice(0, EAF.indexOf('<TIER')), 'never closed'],
  ])('%#', (text, words) => {
    expect(() => parseEaf(text, 'x.eaf')).toThrow(words);
  });

  test('a tier that is not there; the others are named', async () => {
    const path = join(folder(), 'x.eaf');
    writeFileSync(path, EAF);
    expect(await readEafTier(path, 'questions')).toHaveLength(3);
    await expect(readEafTier(path, 'Questions')).rejects.toThrow('no tier "Questions" among "parts", "questions"');
  });

  test('a file that is missing, too large, or in another encoding', async () => {
    const path = join(folder(), 'x.eaf');
    await expect(readEaf(path)).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    writeFileSync(path, Buffer.from([0x3c, 0xff, 0xfe]));
    await expect(readEaf(path)).rejects.toThrow('is not UTF-8');
    truncateSync(path, EAF_MAX_BYTES + 1);
    await expect(readEaf(path)).rejects.toThrow('is over 64 MiB');
  });
});

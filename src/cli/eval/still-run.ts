import { dirname, extname } from 'node:path';
import { readListFile } from '../../eval/benchmarks/annotation-file.js';
import { coversMarkdown, coversTerminalLines } from '../../eval/covers/cover-lines.js';
import { parseCoverList } from '../../eval/covers/cover-list.js';
import { openCoverReader } from '../../eval/covers/cover-reader.js';
import { runCovers } from '../../eval/covers/run-covers.js';
import { gazeMarkdown, gazeTerminalLines } from '../../eval/gaze/gaze-lines.js';
import { parseGazeList } from '../../eval/gaze/gaze-list.js';
import { openGazeReader } from '../../eval/gaze/gaze-reader.js';
import { runGaze } from '../../eval/gaze/run-gaze.js';
import { groupsMarkdown, groupsTerminalLines } from '../../eval/groups/group-lines.js';
import { parseGroupedList } from '../../eval/groups/grouped-faces.js';
import { runGroups } from '../../eval/groups/run-groups.js';
import { openStillReader } from '../../eval/still-reader.js';
import { readAuSet } from '../../eval/units/au-set-files.js';
import { AU_SET, chosenUnits } from '../../eval/units/au-sets.js';
import { parseCodedList } from '../../eval/units/coded-faces.js';
import { foldsOf, sampled, scoreProtocol } from '../../eval/units/protocol.js';
import { runUnits } from '../../eval/units/run-units.js';
import type { UnitScoring } from '../../eval/units/score-units.js';
import { unitsMarkdown, unitsTerminalLines } from '../../eval/units/unit-lines.js';
import type { Protocol } from '../../eval/units/unit-report.js';
import { measure } from './measure-stills.js';
import type { AuListFlags, AuSetFlags, CoverFlags, GazeFlags, GroupFlags } from './still-flags.js';

/** `mien eval au-list LIST`. */
export async function evalAuList(list: string, flags: AuListFlags): Promise<void> {
  const columns = { image: flags.imageColumn, subject: flags.subjectColumn ?? null };
  const images = flags.images ?? dirname(list);
  await measure({
    flags,
    images,
    open: openStillReader,
    read: async () => {
      const coded = parseCodedList(await readListFile(list), list, columns);
      return async (measuring) => {
        const data = { kind: 'au-list', list, images } as const;
        const report = await runUnits({
          ...measuring,
          list: coded,
          presentFrom: flags.presentFrom,
          data,
          protocol: null,
        });
        return { report, markdown: unitsMarkdown(report), lines: unitsTerminalLines(report) };
      };
    },
  });
}

/** `mien eval au LABELS --set SET`. */
export async function evalAu(path: string, flags: AuSetFlags): Promise<void> {
  const set = AU_SET[flags.set];
  const units = chosenUnits(set, flags.units);
  const choice = { units: flags.units, sample: flags.sample ?? null };
  const images = flags.images ?? (extname(path) === '' ? path : dirname(path));
  await measure({
    flags,
    images,
    open: openStillReader,
    read: async () => {
      const recordings = await readAuSet({ set: flags.set, path, units, frameImage: flags.frameImage ?? null });
      const list = sampled(recordings, choice.sample, units);
      foldsOf(set, list); // a person of no fold is named before any picture is read
      return async (measuring) => {
        const data = { kind: flags.set, list: path, images } as const;
        const protocol = (scoring: UnitScoring): Protocol => scoreProtocol(set, choice, scoring);
        const report = await runUnits({ ...measuring, list, presentFrom: set.presentFrom, data, protocol });
        return { report, markdown: unitsMarkdown(report), lines: unitsTerminalLines(report) };
      };
    },
  });
}

/** `mien eval groups LIST --by COLUMNS`. */
export async function evalGroups(list: string, flags: GroupFlags): Promise<void> {
  const { by } = flags;
  const columns = { image: flags.imageColumn, by, label: flags.labelColumn ?? null };
  const images = flags.images ?? dirname(list);
  await measure({
    flags,
    images,
    open: openStillReader,
    read: async () => {
      const faces = parseGroupedList(await readListFile(list), list, columns);
      return async (measuring) => {
        const data = { kind: 'groups', list, images } as const;
        const report = await runGroups({ ...measuring, faces, by, data });
        return { report, markdown: groupsMarkdown(report), lines: groupsTerminalLines(report) };
      };
    },
  });
}

/** `mien eval gaze LIST`. */
export async function evalGaze(list: string, flags: GazeFlags): Promise<void> {
  const { by, unit } = flags;
  const columns = { image: flags.imageColumn, subject: flags.subjectColumn ?? null, by, unit };
  const images = flags.images ?? dirname(list);
  await measure({
    flags,
    images,
    open: openGazeReader,
    read: async () => {
      const faces = parseGazeList(await readListFile(list), list, columns);
      return async (measuring) => {
        const data = { kind: 'gaze', list, images } as const;
        const report = await runGaze({ ...measuring, faces, by, data });
        return { report, markdown: gazeMarkdown(report), lines: gazeTerminalLines(report) };
      };
    },
  });
}

/** `mien eval covers LIST`. */
export async function evalCovers(list: string, flags: CoverFlags): Promise<void> {
  const { by } = flags;
  const columns = { image: flags.imageColumn, subject: flags.subjectColumn ?? null, by };
  const images = flags.images ?? dirname(list);
  await measure({
    flags,
    images,
    open: openCoverReader,
    read: async () => {
      const judged = parseCoverList(await readListFile(list), list, columns);
      return async (measuring) => {
        const data = { kind: 'covers', list, images } as const;
        const report = await runCovers({ ...measuring, list: judged, by, data });
        return { report, markdown: coversMarkdown(report), lines: coversTerminalLines(report) };
      };
    },
  });
}

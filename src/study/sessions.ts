import { resolve } from 'node:path';
import type { KeyPath } from '../config/layers.js';
import { nearest } from '../config/nearest.js';
import type { Parts } from '../config/parse-parts.js';
import type { Participant, StudySession } from '../domain/study.js';
import type { Findings } from './findings.js';
import { placeExcluded, placeMarkers } from './place-stretches.js';
import { readNamed } from './read-list.js';
import { EXCLUDED, MARKERS, type Stretch, type StretchEntry, type StretchKind } from './stretch.js';
import { readStretches, stretchesOfCsv } from './stretches.js';
import type { WrittenSession, WrittenStudy } from './study-schema.js';
import { type Measure, readVideo } from './videos.js';

export interface SessionsReading {
  readonly folder: string;
  readonly participants: readonly Participant[];
  readonly findings: Findings;
  readonly measure: Measure;
}

/** Stretches of files for all sessions, by the id of the session. */
interface OfStudy {
  readonly markers: ReadonlyMap<string, readonly Stretch[]>;
  readonly excluded: ReadonlyMap<string, readonly Stretch[]>;
}

/** The sessions of a study file, with everything that it names read. What is wrong is told, and left out. */
export async function readSessions(
  written: Parts<WrittenStudy>,
  reading: SessionsReading,
): Promise<readonly StudySession[]> {
  const { findings } = reading;
  const given = (written.sessions ?? []) as readonly (Parts<WrittenSession> | null)[];
  const ids = given.map((session) => session?.id);
  const ofStudy = {
    markers: await stretchesOfStudy(written.markers, MARKERS, { key: 'markers', ids, ...reading }),
    excluded: await stretchesOfStudy(written.excluded, EXCLUDED, { key: 'excluded', ids, ...reading }),
  };
  const conditions = written.conditions as readonly (string | null)[] | undefined;
  const taken = new Map<string, string>();
  const sessions: StudySession[] = [];
  for (const [index, session] of given.entries()) {
    const at = ['sessions', index];
    if (session?.id === undefined) continue;
    const first = ids.indexOf(session.id);
    if (first < index)
      findings.problem(
        findings.placeOf([...at, 'id']),
        `"${session.id}" is the id of sessions[${first}], too; ids are unique`,
      );
    const { condition } = session;
    if (conditions && condition !== undefined && !conditions.includes(condition)) {
      const known = conditions.filter((word) => word !== null);
      const meant = nearest(condition, known);
      findings.problem(
        findings.placeOf([...at, 'condition']),
        `there is no condition "${condition}"${meant ? `; did you mean "${meant}"?` : `; known: ${known.join(', ')}`}`,
      );
    }
    sessions.push(await readSession(session, at, { ...reading, taken, ofStudy }));
  }
  return sessions;
}

async function readSession(
  session: Parts<WrittenSession>,
  at: KeyPath,
  reading: SessionsReading & { readonly taken: Map<string, string>; readonly ofStudy: OfStudy },
): Promise<StudySession> {
  const { folder, participants, findings, ofStudy } = reading;
  const id = session.id!;
  const read = await Promise.all(
    (session.videos ?? []).map((video, index) => (video ? readVideo(video, [...at, 'videos', index], reading) : null)),
  );
  const videos = read.filter((video) => video !== null);
  const frame = { videos, participants, findings };
  const listed = async (name: 'markers' | 'excluded', kind: StretchKind): Promise<readonly Stretch[]> => {
    const entries = (session[name] ?? []) as readonly (StretchEntry | null)[];
    const lists = await Promise.all(
      entries.map((entry, index) => {
        const place = (key: string) => findings.placeOf([...at, name, index, key]);
        return entry ? readStretches(entry, place, { kind, folder, findings, session: id }) : [];
      }),
    );
    return [...lists.flat(), ...(ofStudy[name].get(id) ?? [])];
  };
  return {
    id,
    condition: session.condition ?? null,
    videos,
    markers: placeMarkers(await listed('markers', MARKERS), frame),
    excluded: placeExcluded(await listed('excluded', EXCLUDED), frame),
  };
}

async function stretchesOfStudy(
  file: string | undefined,
  kind: StretchKind,
  options: SessionsReading & { readonly key: string; readonly ids: readonly (string | undefined)[] },
): Promise<ReadonlyMap<string, readonly Stretch[]>> {
  const { folder, findings, key, ids } = options;
  const found = new Map<string, Stretch[]>();
  if (file === undefined) return found;
  const path = resolve(folder, file);
  const text = await readNamed(path, findings.placeOf([key]), findings);
  for (const stretch of text === undefined ? [] : stretchesOfCsv(text, { path, entry: null, kind, findings })) {
    const session = stretch.session!;
    if (ids.includes(session)) found.set(session, [...(found.get(session) ?? []), stretch]);
    else {
      const meant = nearest(
        session,
        ids.filter((id) => id !== undefined),
      );
      findings.problem(
        stretch.at('session'),
        `there is no session "${session}"${meant ? `; did you mean "${meant}"?` : ''}`,
      );
    }
  }
  return found;
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { LiveEvent } from '../../../src/domain/live.js';
import type { FaceRecord } from '../../../src/domain/records.js';
import type { Rule, RuleFiring } from '../../../src/domain/rules.js';
import { recordLine } from '../../../src/record/record-json.js';
import { followRules } from '../../../src/rules/follow-rules.js';
import { readRecording } from '../../../src/rules/read-recording.js';
import { RuleEvaluator } from '../../../src/rules/rule-evaluator.js';
import { cameraState } from '../../support/camera-state.js';
import { ManualClock } from '../../support/manual-clock.js';
import { emptyFrame, faceRecord } from '../../support/record-builders.js';
import { facesOf, ruleOf } from '../../support/rule-builders.js';
import { tempFolders } from '../../support/temp-folder.js';

const folder = tempFolders();
const noError = (error: unknown): never => {
  throw error;
};
const firingsIn = (events: readonly LiveEvent[]): RuleFiring[] =>
  events.flatMap((event) => (event.type === 'rule' ? [event.firing] : []));

function live(rules: readonly Rule[], events: readonly LiveEvent[]): RuleFiring[] {
  const told: LiveEvent[] = [];
  const follow = followRules({ rules, clock: new ManualClock(), onError: noError });
  from(events)
    .pipe(follow)
    .subscribe((event) => told.push(event));
  return firingsIn(told);
}

async function replayed(rules: readonly Rule[], records: readonly FaceRecord[]): Promise<RuleFiring[]> {
  const path = join(folder(), 'a.records.jsonl');
  writeFileSync(path, records.map((record) => `${recordLine(record, '68')}\n`).join(''));
  const evaluator = new RuleEvaluator(rules);
  const firings: RuleFiring[] = [];
  for await (const frame of readRecording(path, { startMs: null })) firings.push(...evaluator.frame(frame));
  return [...firings, ...evaluator.silent('interview')];
}

describe('the same live and replayed', () => {
  const wallMs = Date.parse('2026-01-15T09:30:00.000Z');
  /** Twelve seconds of two people who smile by turns, with values that need rounding, a lost second, and an outage. */
  const records = Array.from({ length: 300 }, (_, frame): FaceRecord[] => {
    if (frame > 200 && frame < 260) return [];
    const wallTime = new Date(wallMs + frame * 40).toISOString();
    if (frame % 50 > 40) return [{ ...emptyFrame(frame), wallTime }];
    const confidence = 0.6 + Math.sin(frame / 7) * 0.05 - 4e-7;
    const label = frame % 90 < 60 ? 'happiness' : 'anger';
    const valence = Math.cos(frame / 9);
    return [1, 2].map((track) =>
      faceRecord(frame, {
        track,
        wallTime,
        label: track === 1 ? label : 'neutral',
        confidence,
        valenceArousal: {
          raw: { valence, arousal: 0 },
          baselined: null,
          smoothed: { valence: valence * track * 0.5, arousal: 0 },
        },
      }),
    );
  }).filter((frame) => frame.length > 0);
  const rules = [
    ruleOf({ forMs: 400 }),
    ruleOf({ id: 'angry', when: { type: 'expression', is: ['anger'], sure: 0 }, forMs: 800, holdOffMs: 2_000 }),
    ruleOf({ id: 'low', when: { type: 'valence', above: null, below: -0.3 }, forMs: 300 }),
    ruleOf({ id: 'pair', when: { type: 'faces', least: 2, most: null }, forMs: 0 }),
    ruleOf({ id: 'nobody', when: { type: 'faces', least: null, most: 0 }, forMs: 200 }),
  ];

  it('to the last digit', async () => {
    const events: LiveEvent[] = records.map((frame) => facesOf(frame, Date.parse(frame[0]!.wallTime!)));
    const told = live(rules, [...events, { type: 'silent', source: 'interview' }]);
    expect(new Set(told.map(({ rule }) => rule))).toEqual(new Set(rules.map(({ id }) => id)));
    expect(told.filter(({ phase }) => phase === 'start')).toHaveLength(told.length / 2);
    expect(told.some(({ endReason }) => endReason === 'silent')).toBe(true);
    expect(await replayed(rules, records.flat())).toEqual(told);
  });

  it.each([
    ['cut short', '{"source":"a","frame":0,"ptsUs"', /:2 is no record/],
    ['of another kind', '{"id":"a/1"}', /:2 is no record/],
  ])('a line that is %s is named', async (_, line, message) => {
    const path = join(folder(), 'a.records.jsonl');
    writeFileSync(path, `${recordLine(faceRecord(0), 'none')}\n${line}\n`);
    const read = async (): Promise<void> => {
      for await (const _frame of readRecording(path, { startMs: null }));
    };
    await expect(read()).rejects.toMatchObject({ code: 'INPUT_DAMAGED', message: expect.stringMatching(message) });
  });

  it('a file that is not there is said so', async () => {
    const read = readRecording(join(folder(), 'none.jsonl'), { startMs: null });
    await expect(read.next()).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
  });
});

describe('what a rule is met by', () => {
  const unit = (intensity: number | null, presence: number) => ({
    '12': {
      presence: { raw: presence, baselined: null, smoothed: presence },
      intensity: intensity === null ? null : { raw: intensity, baselined: null, smoothed: intensity },
      active: null,
    },
  });
  const fires = (rule: Rule, face: Partial<FaceRecord> & { readonly zones?: readonly string[] }): boolean => {
    const { zones, ...record } = face;
    const read = { ...JSON.parse(recordLine(faceRecord(0, record), 'none')), ...(zones ? { zones } : {}) };
    const [at] = new RuleEvaluator([rule]).frame({
      source: 'door',
      ptsUs: faceRecord(0).ptsUs,
      wallTimeMs: null,
      faces: [read],
    });
    return at?.phase === 'start';
  };
  const au12 = (intensity: number) => ({ type: 'action-unit', unit: '12', intensity, sure: 0.5 }) as const;

  it.each([
    ['sure enough', ruleOf({ forMs: 0 }), { confidence: 0.6 }, true],
    ['not sure enough', ruleOf({ forMs: 0 }), { confidence: 0.59 }, false],
    ['another expression', ruleOf({ forMs: 0 }), { label: 'anger' }, false],
    ['no reading', ruleOf({ forMs: 0 }), { label: null, confidence: null }, false],
    ['unit strong enough', ruleOf({ forMs: 0, when: au12(2) }), { actionUnits: unit(2, 0.9) }, true],
    ['unit too weak', ruleOf({ forMs: 0, when: au12(2) }), { actionUnits: unit(1.9, 0.9) }, false],
    ['unit not sure', ruleOf({ forMs: 0, when: au12(2) }), { actionUnits: unit(3, 0.4) }, false],
    ['unit without intensity', ruleOf({ forMs: 0, when: au12(1) }), { actionUnits: unit(null, 0.9) }, false],
    ['presence alone', ruleOf({ forMs: 0, when: au12(0) }), { actionUnits: unit(null, 0.9) }, true],
    ['in its zone', ruleOf({ forMs: 0, zone: 'desk' }), { zones: ['door', 'desk'] }, true],
    ['in another zone', ruleOf({ forMs: 0, zone: 'desk' }), { zones: ['door'] }, false],
    ['in no zone', ruleOf({ forMs: 0, zone: 'desk' }), {}, false],
    ['another camera', ruleOf({ forMs: 0, cameras: ['yard'] }), {}, false],
  ] as const)('%s', (_, rule, face, expected) => expect(fires(rule, face)).toBe(expected));

  it('only at its hours, on the day on which they begin', () => {
    const hours = { fromMinute: 22 * 60, toMinute: 6 * 60, days: [4] }; // Thursday night
    const at = (...time: [number, number, number, number]): boolean => {
      const evaluator = new RuleEvaluator([ruleOf({ forMs: 0, hours })]);
      const faces = [JSON.parse(recordLine(faceRecord(0), 'none'))];
      const [year, month, day, hour] = time;
      const wallTimeMs = new Date(year, month, day, hour, 30).getTime();
      return evaluator.frame({ source: 'door', ptsUs: faceRecord(0).ptsUs, wallTimeMs, faces }).length > 0;
    };
    // 15 January 2026 is a Thursday.
    expect([at(2026, 0, 15, 21), at(2026, 0, 15, 23), at(2026, 0, 16, 5), at(2026, 0, 16, 6)]).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([at(2026, 0, 15, 3), at(2026, 0, 16, 23)]).toEqual([false, false]);
  });
});

describe('cameras', () => {
  const away = ruleOf({ id: 'away', when: { type: 'camera', is: ['away'] }, forMs: 5_000, endAfterMs: 0 });

  it('trouble fires when it has lasted, with nothing but time passing, and ends when it is over', async () => {
    const clock = new ManualClock();
    const events = new Subject<LiveEvent>();
    const told: LiveEvent[] = [];
    events.pipe(followRules({ rules: [away], clock, onError: noError })).subscribe((event) => told.push(event));
    events.next({ type: 'state', state: cameraState('door', { status: 'waiting' }) });
    await clock.advance(4_999);
    expect(firingsIn(told)).toEqual([]);
    await clock.advance(1);
    expect(firingsIn(told)).toMatchObject([{ phase: 'start', at: '1970-01-01T00:00:05.000Z', firedUs: null }]);
    await clock.advance(3_000);
    events.next({ type: 'state', state: cameraState('door') });
    const end = { phase: 'end', id: 'door/away/1', at: '1970-01-01T00:00:08.000Z' }; // as long as it was away
    expect(firingsIn(told)).toMatchObject([{ phase: 'start' }, end]);
    events.next({ type: 'state', state: cameraState('door', { status: 'failed' }) });
    events.next({ type: 'removed', source: 'door' });
    await clock.advance(60_000);
    expect(firingsIn(told)).toHaveLength(2);
  });

  it('its timer ends with who listens', async () => {
    const clock = new ManualClock();
    const events = new Subject<LiveEvent>();
    const told: LiveEvent[] = [];
    const listening = events
      .pipe(followRules({ rules: [away], clock, onError: noError }))
      .subscribe((event) => told.push(event));
    events.next({ type: 'state', state: cameraState('door', { status: 'waiting' }) });
    listening.unsubscribe();
    await clock.advance(60_000);
    expect(firingsIn(told)).toEqual([]);
    expect(events.observed).toBe(false);
  });

  it('a fault in a rule costs that event’s firings only', () => {
    const errors: unknown[] = [];
    const told: LiveEvent[] = [];
    const broken = { ...facesOf([faceRecord(0)], 0), records: [null] } as unknown as LiveEvent;
    from([broken, facesOf([faceRecord(1)], 0)])
      .pipe(
        followRules({
          rules: [ruleOf({ forMs: 0 })],
          clock: new ManualClock(),
          onError: (error) => errors.push(error),
        }),
      )
      .subscribe((event) => told.push(event));
    expect(errors).toHaveLength(1);
    expect(told.map(({ type }) => type)).toEqual(['faces', 'faces', 'rule']);
  });
});

describe('the same rules in several processes', () => {
  const idsOf = (run: string | undefined, events: readonly LiveEvent[]): string[] => {
    const told: LiveEvent[] = [];
    const rules = [ruleOf({ id: 'pair', when: { type: 'faces', least: 1, most: null }, forMs: 0 })];
    const clock = new ManualClock();
    from(events)
      .pipe(followRules({ rules, clock, onError: noError, ...(run === undefined ? {} : { run }) }))
      .subscribe((event) => told.push(event));
    return firingsIn(told).flatMap(({ id, phase }) => (phase === 'start' ? [id] : []));
  };
  const seen = facesOf([faceRecord(0)], 0);
  const silent: LiveEvent = { type: 'silent', source: 'interview' };
  const removed: LiveEvent = { type: 'removed', source: 'interview' };

  it('fire under ids of their own, others each time that a camera comes', () => {
    const events = [seen, silent, seen, removed, seen];
    expect(idsOf(undefined, events)).toEqual(['interview/pair/1', 'interview/pair/2', 'interview/pair/1']);
    const [first, second] = [idsOf('a-', events), idsOf('b-', events)];
    expect(first).toEqual(['interview/pair/a-1-1', 'interview/pair/a-1-2', 'interview/pair/a-2-1']);
    expect(new Set([...first, ...second]).size).toBe(6);
  });
});

import type { AskOutcome } from '../mllm/recorded-questions.js';
import type { AnalysisEvent } from '../recording/analyze-video.js';
import type { OutputPlan } from '../recording/output-plan.js';
import { type BatchTally, batchLines, type Failure } from './batch-lines.js';
import { errorText, failureOf } from './describe-error.js';
import type { EngineFlags } from './engine-options.js';
import type { OutputFlags } from './output-flags.js';
import { summaryLines } from './summary-lines.js';

/** A video that was read as far as it goes. */
export interface FinishedVideo {
  /** With its number among several: "[2/3] door". */
  readonly label: string;
  readonly plan: OutputPlan;
  readonly seconds: number;
  readonly event: Extract<AnalysisEvent, { type: 'done' }>;
}

/** Tells the results of `mien analyze`; what goes wrong is in the log, too. */
export interface AnalyzeReporter {
  /** With --resume: analysed to its end before. */
  doneBefore(label: string, plan: OutputPlan): void;
  finished(video: FinishedVideo): void;
  /** Nothing came of it. */
  failed(failure: Failure): void;
  /** Last of all. @param why - the first thing that did not succeed; undefined: everything did */
  end(tally: BatchTally, why: unknown): void;
}

/** For people, for programs, or nothing at all, each line to `write`. */
export function analyzeReporter(
  { json, quiet, words = false }: OutputFlags & Pick<EngineFlags, 'words'>,
  write: (line: string) => void,
): AnalyzeReporter {
  if (json) return jsonReporter(write);
  return wordReporter(quiet ? () => undefined : write, words);
}

function wordReporter(write: (line: string) => void, words: boolean): AnalyzeReporter {
  return {
    doneBefore: (label) => write(`${label}: done before`),
    finished: ({ label, plan, seconds, event }) => {
      for (const line of summaryLines({ name: label, dir: plan.dir, seconds, ...event, words })) write(line);
    },
    failed: () => undefined,
    end: (tally) => {
      for (const line of batchLines(tally)) write(line);
    },
  };
}

/** What came of the questions; the words themselves are in the files. */
const answersOf = ({ spoken: _, ...asked }: AskOutcome) => asked;

const errorJson = (error: unknown) => ({ ...failureOf(error), message: errorText(error) });

function jsonReporter(write: (line: string) => void): AnalyzeReporter {
  const video = (plan: OutputPlan | null, status: string, more: object): void =>
    write(
      JSON.stringify({
        type: 'video',
        input: plan?.input ?? null,
        name: plan?.name ?? null,
        folder: plan?.dir ?? null,
        status,
        error: null,
        ...more,
      }),
    );
  return {
    doneBefore: (_, plan) => video(plan, 'done-before', {}),
    finished: ({ plan, seconds, event }) => {
      const { summary, problem, outputs, manifestPath, people, notes, asked } = event;
      const { status, frames, records, tracks, episodes, coverage, notes: noticed } = summary;
      video(plan, status, {
        ...(problem && { error: errorJson(problem) }),
        ...{
          frames,
          records,
          tracks,
          people,
          episodes,
          coverage,
          seconds,
          noticed,
          notes,
          languageModel: asked && answersOf(asked),
        },
        outputs: { ...Object.fromEntries(outputs), manifest: [manifestPath] },
      });
    },
    failed: ({ plan, error }) => video(plan, 'failed', { error: errorJson(error) }),
    end: ({ videos, done, failures }, why) => {
      const error = why === undefined ? null : errorJson(why);
      const exitCode = error?.exitCode ?? 0;
      write(JSON.stringify({ type: 'end', exitCode, videos, done, failed: failures.length, error }));
    },
  };
}

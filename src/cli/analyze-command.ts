import { type Command, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../config/nearest.js';
import { DECODE_CHOICES } from '../domain/decoder.js';
import { DEFAULT_DETECTOR, DETECTORS } from '../domain/detector.js';
import { LANDMARK_CHOICES } from '../domain/face.js';
import { TURNS } from '../domain/frame.js';
import { AU_ONLY_TASKS, DEFAULT_TASKS, MLLM_TASKS, type MllmTask } from '../domain/insight.js';
import { LANES } from '../domain/lanes.js';
import { MODES } from '../domain/mode.js';
import { DEFAULT_OUTPUTS, OUTPUT_NAMES, type OutputName } from '../outputs/outputs.js';
import { READING_DEFAULTS } from '../recording/reading-options.js';
import type { AnalyzeFlags } from './analyze-flags.js';
import { addDeviceOption, addModelOption, addPrecisionOption } from './device-option.js';
import { addEngineOptions } from './engine-options.js';
import { addExamples } from './help.js';
import { addLogOptions } from './log-flags.js';
import { named, number, soundChoice, whole } from './option-values.js';
import { addJsonOption, addQuietOption } from './output-flags.js';

const seconds = number((value) => value >= 0, 'seconds, at least 0');
const DEFAULTS = DEFAULT_OUTPUTS.join(',');

/** The word of a list that is not known, with the one that was meant. */
function unknownWord(word: string, known: readonly string[]): InvalidArgumentError {
  const meant = nearest(word, known);
  return new InvalidArgumentError(
    `there is no "${word}"; ${meant ? `did you mean "${meant}"?` : `choose from ${known.join(',')}.`}`,
  );
}

function formatList(text: string): OutputName[] {
  const names = text
    .split(',')
    .flatMap((word): readonly string[] => (word.trim() === 'all' ? DEFAULT_OUTPUTS : [word.trim()]));
  for (const name of names)
    if (!(OUTPUT_NAMES as readonly string[]).includes(name)) throw unknownWord(name, ['all', ...OUTPUT_NAMES]);
  return [...new Set(names)] as OutputName[];
}

function taskList(text: string): MllmTask[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!(MLLM_TASKS as readonly string[]).includes(name)) throw unknownWord(name, MLLM_TASKS);
  }
  return [...new Set(names)] as MllmTask[];
}

/** What a multimodal LLM is asked about keyframes. */
function addQuestionOptions(command: Command): void {
  command
    .option(
      '--mllm-task <list>',
      `with an engine: what is asked about keyframes, some of ${MLLM_TASKS.join(',')} (default: ${DEFAULT_TASKS.join(',')}; with --mode au-only: ${AU_ONLY_TASKS.join(',')})`,
      taskList,
    )
    .option(
      '--mllm-prompts <file>',
      'with an engine: YAML file with questions in place of those of mien (default: none)',
      named,
    )
    .option('--no-mllm-priors', 'with an engine: do not tell the model what was measured');
}

const ZONES = new Option(
  '--zones <file>',
  'YAML with masks, which are never looked at, and zones; FILE#CAMERA takes those of a camera of a configuration',
).argParser(named);

const STREAM = new Option(
  '--stream <index>',
  'which video stream, counted from 0 (default: the first that moves)',
).argParser(whole(0, 1000));

const ROTATE = new Option(
  '--rotate <degrees>',
  'turn the picture clockwise; auto: where faces are clearly upright only that way',
)
  .choices(['auto', ...TURNS.map(String)])
  .default(READING_DEFAULTS.rotate);

const SOUND = new Option(
  '--sound <index>',
  'which sound tells who speaks: a stream counted from 0, auto (the one that players choose), or none',
)
  .argParser(soundChoice)
  .default('auto');

/** Every option of `mien analyze`, with its default. */
export function addAnalyzeOptions(command: Command): Command {
  command
    .option('-o, --out <folder>', 'where results go, one folder per video', named, 'mien-out')
    .addOption(
      new Option('--formats <list>', `some of ${OUTPUT_NAMES.join(',')}; all is ${DEFAULTS}`)
        .argParser(formatList)
        .default([...DEFAULT_OUTPUTS], 'all'),
    )
    .option(
      '--overlay [file]',
      'also the format overlay: the video with boxes, landmarks and labels drawn on it (one input for a file name)',
      named,
    )
    .option('--overwrite', 'replace results that exist', false)
    .option('--resume', 'continue an interrupted run; skip videos that are done', false)
    .option('--recursive', 'of folders also the videos in their subfolders', false)
    .option('--jobs <count>', 'videos analysed at once; they share the inference threads', whole(1, 64), 1)
    .option('--start <seconds>', 'begin at this time of the video (default: its start)', seconds)
    .option('--end <seconds>', 'end before this time of the video (default: its end)', seconds)
    .option(
      '--fps <rate>',
      'read at most this many frames per second (default: every frame)',
      number((value) => value >= 0.001, 'a rate of at least 0.001'),
    )
    .addOption(STREAM)
    .addOption(SOUND)
    .addOption(ROTATE)
    .addOption(ZONES)
    .option('--max-side <px>', 'longer side that frames are shrunk to', whole(64, 16_384), READING_DEFAULTS.maxSidePx)
    .option('--min-face <px>', 'smallest face to look for', whole(16, 16_384), READING_DEFAULTS.minFacePx)
    .addOption(
      new Option('--mode <mode>', 'au-only reports movements and infers no emotion').choices(MODES).default('full'),
    )
    .addOption(new Option('--detector <range>', 'face detector').choices(DETECTORS).default(DEFAULT_DETECTOR))
    .addOption(
      new Option('--landmarks <set>', 'landmarks in the records file').choices([...LANDMARK_CHOICES]).default('68'),
    )
    .option('--no-baseline', 'do not subtract each person’s resting face (default: it is subtracted)')
    .addOption(
      new Option(
        '--decode <name>',
        'hardware that decodes the video; none and auto: software; when it cannot be used, software is, and a line says why',
      )
        .choices(DECODE_CHOICES)
        .default('auto'),
    )
    .option(
      '--people <map.csv>',
      'whose each track is, of one video: track,person[,name][,from_s,to_s] (default: tracks are joined by place and time)',
      named,
    )
    .option(
      '--join-appearance',
      'also join tracks whose faces look alike: compared in memory, never stored (default: not compared)',
      false,
    )
    .option(
      '--blur-others',
      'with --people: in pictures (report, overlay) blur every face that the map gives to nobody',
      false,
    )
    .option('--lanes <count>', 'inference threads (default: one per core, at most 4)', whole(LANES.least, LANES.most))
    .option('--stats <file>', 'write speed and memory of the run as JSON (default: not written)', named);
  addModelOption(command);
  addDeviceOption(command);
  addPrecisionOption(command);
  command.option(
    '--words',
    'say in words what faces show: from the measurements, or by the engine that is named',
    false,
  );
  addQuestionOptions(addEngineOptions(command));
  addJsonOption(command, 'each video, then the end');
  return addLogOptions(addQuietOption(command));
}

/** `mien analyze <inputs...>`; `setExitCode` receives the code of the first input that failed. */
export function addAnalyzeCommand(program: Command, setExitCode: (code: number) => void): void {
  const command = program
    .command('analyze')
    .description('read the faces of recorded videos into files')
    .argument('<inputs...>', 'video files, folders or glob patterns');
  addAnalyzeOptions(command);
  addExamples(command, [
    ['mien analyze interview.mp4', 'every format, in mien-out/interview'],
    ['mien analyze study/ --recursive --jobs 2 --resume', 'a folder; what is done stays as it is'],
    ['mien analyze long.mkv --start 60 --end 120 --fps 10', 'one minute, ten frames a second'],
    ['mien analyze talk.mp4 --formats csv,parquet --overlay', 'two formats, and the video with the results on it'],
    ['mien analyze talk.mp4 --words', 'also in words what each face shows: printed, and in the report'],
    ['mien analyze talk.mp4 --json --quiet', 'for programs: what was written'],
  ]);
  command.action(async (inputs: string[], flags: AnalyzeFlags) => {
    const { analyzeAll } = await import('./analyze-run.js');
    setExitCode(await analyzeAll(inputs, flags));
  });
}

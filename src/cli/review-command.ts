import type { Command } from 'commander';
import { addExamples } from './help.js';
import { whole } from './option-values.js';
import { addQuietOption } from './output-flags.js';
import type { ReviewFlags } from './review-flags.js';

/** `mien review`. */
export function addReviewCommand(review: Command, exit: (code: number) => void): void {
  review
    .argument('<folder>', 'results as mien analyze wrote them: of one video, or of many')
    .requiredOption('--rater <word>', 'who reviews: letters, digits, - and _; a pseudonym will do')
    .option('--video <file>', 'the video, where it is not found by itself')
    .option('--port <number>', 'port on 127.0.0.1 (default: any that is free)', whole(0, 65_535), 0);
  addExamples(review, [
    ['mien review mien-out/talk --rater anna', 'opens at the address that it prints'],
    ['mien review mien-out/talk --rater ben --video /media/disk/talk.mp4'],
  ]);
  addQuietOption(review).action(async (folder: string, flags: ReviewFlags) => {
    const { review: run } = await import('./review-run.js');
    exit(await run(folder, flags, (text) => process.stdout.write(text)));
  });
}

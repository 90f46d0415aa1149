import type { PictureSet } from '../../domain/prompt-template.js';

/** What each picture shows, in words for the model; empty for one picture, which needs none. */
export function picturesText(pictures: PictureSet, count: number): string {
  if (count < 2) return '';
  switch (pictures) {
    case 'face':
      return '';
    case 'face+context':
      return 'There are two pictures of the same moment: the first shows the surroundings, the last the face that is asked about.';
    case 'onset+apex':
      return 'There are two pictures of the same face: the first when its movement began, the last at its height. The question is about the last; the first shows what has changed.';
    case 'clip':
      return `There are ${count} pictures of the same face within a second, the newest last. The question is about the newest; the others show how it got there.`;
  }
}

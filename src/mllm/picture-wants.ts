import type { EngineCapabilities } from '../domain/insight.js';
import type { PictureSet, PromptTemplate } from '../domain/prompt-template.js';

/** Pictures that a question wants of a keyframe, and their side. */
export interface PictureWant {
  readonly set: PictureSet;
  readonly px: number;
}

/** By which a keyframe holds them. */
export const wantKey = ({ set, px }: PictureWant): string => `${set} ${px}`;

/** How questions are to get their pictures. */
export interface PictureTerms {
  /** Side where a question names none. */
  readonly imagePx: number;
  readonly capabilities: Pick<EngineCapabilities, 'severalImages' | 'readings'>;
}

/** Longer side of the picture that is shown beside an insight. */
export const EVIDENCE_PX = 160;

/** What a question wants, with what its engine takes: of one that takes one picture, the face alone; of one that takes none, what is shown beside its words. */
export function wantOf(
  { pictures, imagePx }: Pick<PromptTemplate, 'pictures' | 'imagePx'>,
  terms: PictureTerms,
): PictureWant {
  const { severalImages, readings } = terms.capabilities;
  return { set: severalImages ? pictures : 'face', px: readings ? EVIDENCE_PX : (imagePx ?? terms.imagePx) };
}

/** What several questions want, each once. */
export function wantsOf(
  templates: readonly Pick<PromptTemplate, 'pictures' | 'imagePx'>[],
  terms: PictureTerms,
): readonly PictureWant[] {
  const wants = new Map(templates.map((template) => wantOf(template, terms)).map((want) => [wantKey(want), want]));
  return [...wants.values()];
}

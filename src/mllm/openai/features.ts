/** What a replica is asked to do beyond plain questions; switched off for good when it refuses. */
export interface Features {
  readonly jsonSchema: boolean;
  readonly logProbabilities: boolean;
  readonly prefill: boolean;
  /** vLLM's `structured_outputs: {choice}` on the label path. */
  readonly structuredChoice: boolean;
}

export type Feature = keyof Features;

/** Words by which servers blame a feature in a refusal. */
const BLAME: readonly (readonly [Feature, RegExp])[] = [
  ['structuredChoice', /structured_outputs|guided_choice/i],
  ['jsonSchema', /response_format|json_schema|guided|grammar|schema/i],
  ['logProbabilities', /logprobs/i],
  ['prefill', /continue_final_message|add_generation_prompt|prefill|assistant/i],
];

/** Without the feature that a refusal names among those used; without all of them when it names none. Null when none was used. */
export function withoutBlamed(features: Features, used: readonly Feature[], refusal: string): Features | null {
  if (used.length === 0) return null;
  const blamed = BLAME.find(([feature, words]) => used.includes(feature) && words.test(refusal))?.[0];
  const off = blamed === undefined ? used : [blamed];
  return { ...features, ...Object.fromEntries(off.map((feature) => [feature, false])) };
}

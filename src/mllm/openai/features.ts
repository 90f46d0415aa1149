/** What a replica is asked to do beyond plain questions; switched off for good when it refuses. */
export interface Features {
  readonly jsonSchema: boolean;
  readonly logProbabilities: boolean;
  readonly prefill: boolean;
  /** `structured_outputs: {choice}` and `{regex}` of vLLM. */
  readonly choice: boolean;
  readonly regex: boolean;
  /** `stream: true`: the answer comes as it is written. */
  readonly stream: boolean;
}

export type Feature = keyof Features;

export const ALL_FEATURES: Features = {
  jsonSchema: true,
  logProbabilities: true,
  prefill: true,
  choice: true,
  regex: true,
  stream: true,
};

/** Words by which servers blame a feature in a refusal. */
const BLAME: readonly (readonly [Feature, RegExp])[] = [
  ['choice', /structured_outputs|guided_choice/i],
  ['regex', /structured_outputs|guided_regex|regex/i],
  ['jsonSchema', /response_format|json_schema|guided|grammar|schema/i],
  ['logProbabilities', /logprobs/i],
  ['stream', /\bstream/i],
  ['prefill', /continue_final_message|add_generation_prompt|prefill|assistant/i],
];

/** Without the feature that a refusal names among those used; without all of them when it names none. Null when none was used. */
export function withoutBlamed(features: Features, used: readonly Feature[], refusal: string): Features | null {
  if (used.length === 0) return null;
  const blamed = BLAME.find(([feature, words]) => used.includes(feature) && words.test(refusal))?.[0];
  const off = blamed === undefined ? used : [blamed];
  return { ...features, ...Object.fromEntries(off.map((feature) => [feature, false])) };
}

/** What both have. */
export function commonFeatures(a: Features, b: Features): Features {
  return {
    jsonSchema: a.jsonSchema && b.jsonSchema,
    logProbabilities: a.logProbabilities && b.logProbabilities,
    prefill: a.prefill && b.prefill,
    choice: a.choice && b.choice,
    regex: a.regex && b.regex,
    stream: a.stream && b.stream,
  };
}

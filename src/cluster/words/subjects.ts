/** A name that is one part of a subject and is safe in all others: a site, a node, an engine's inbox, a question. */
export const BUS_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** What the words role uses on the bus; everything begins with the name of the site. */
export interface WordsSubjects {
  /** Stream of questions that wait. */
  readonly stream: string;
  readonly questions: string;
  /** Asks every words node what its engine can do. */
  readonly probe: string;
  /** Names a question whose answer nobody waits for any more. */
  readonly givenUp: string;
  /** Where a question waits. A newer one on the same line takes its place. */
  question(line: string): string;
  /** Where an engine hears of one of its questions; '*': of all. */
  reply(inbox: string, question: string): string;
}

/** The subjects of a site, whose name is a `BUS_NAME`. */
export function wordsSubjects(site: string): WordsSubjects {
  return {
    stream: `${site}_keyframes`,
    questions: `${site}.keyframes.>`,
    probe: `${site}.words.probe`,
    givenUp: `${site}.words.given-up`,
    question: (line) => `${site}.keyframes.${line}`,
    reply: (inbox, question) => `${site}.words.replies.${inbox}.${question}`,
  };
}

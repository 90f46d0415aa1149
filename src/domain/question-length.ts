/** Most characters of a question that a person asks about a face. */
export const QUESTION_LENGTH = 500;

import { AnswerMembers } from './answer-members.js';
import { boundAnswer } from './bounds.js';
import { claimedActionUnits } from './claimed-units.js';
import { NO_DOUBT, saysCannotTell } from './doubt.js';
import { findJson } from './find-json.js';
import type { ParsedAnswer } from './parse-answer.js';
import { shownWords } from './shown-words.js';

/**
 * Reads the answer to a person's question: its words, and the units that it claims. No emotion is taken from it, so that a
 * question, whatever it says, changes nothing but its answer. Never throws.
 */
export function parseAsked(answer: string): ParsedAnswer {
  const text = boundAnswer(answer);
  const found = findJson(text);
  const members = found === null ? null : AnswerMembers.of(found);
  const description = members?.texts().description ?? null;
  const nothing = { ...NO_DOUBT, emotion: null, confidence: null, compound: null, reasoning: null };
  if (members !== null && description !== null) {
    const cannotTell = saysCannotTell(members.label() ?? '');
    const units = members.units() ?? claimedActionUnits(description);
    return { ...nothing, cannotTell, parsed: 'json', claimedActionUnits: units, description };
  }
  const words = shownWords(text);
  if (words === null) return { ...nothing, parsed: 'unparsable', claimedActionUnits: [], description: null };
  const cannotTell = saysCannotTell(words);
  return { ...nothing, cannotTell, parsed: 'text', claimedActionUnits: claimedActionUnits(words), description: words };
}

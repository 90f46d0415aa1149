import { AffectError } from '../../domain/errors.js';

/** What names the picture of a frame. */
export interface FrameParts {
  readonly subject: string;
  /** Empty where a person has one recording. */
  readonly task: string;
  readonly frame: number;
}

const FIELD = /\{(subject|task|frame)(?::([1-9]))?\}/g;

/**
 * The path of a frame's picture after a pattern: `{subject}`, `{task}`, `{frame}`, or `{frame:5}` with zeros before it up to
 * five digits. Throws USAGE for a pattern that names no frame or holds other braces.
 */
export function frameImage(pattern: string, parts: FrameParts): string {
  const fields = [...pattern.matchAll(FIELD)].map(([, name]) => name);
  if (!fields.includes('frame') || /[{}]/.test(pattern.replace(FIELD, '')))
    throw new AffectError('USAGE', `--frame-image "${pattern}": write {subject}, {task}, and {frame} or {frame:5}`);
  return pattern.replace(FIELD, (_, name: keyof FrameParts, digits?: string) =>
    String(parts[name]).padStart(Number(digits ?? 0), '0'),
  );
}

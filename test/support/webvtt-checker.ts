export interface VttCue {
  readonly beginMs: number;
  readonly endMs: number;
  readonly text: string;
}

const TIME = /^(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;

function timeMs(text: string): number {
  const found = TIME.exec(text);
  if (!found) throw new Error(`not a WebVTT timestamp: ${text}`);
  const [, hours = '0', minutes, seconds, ms] = found;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(ms);
}

/**
 * Reads a file by the syntax that authors must follow (W3C WebVTT, "WebVTT file body"), stricter than players: signature
 * line, blocks parted by blank lines, comment blocks, cues whose end is after their begin and whose begin is not before the
 * one of the cue before, cue text without an arrow. Throws with the reason.
 */
export function readVtt(text: string): VttCue[] {
  if (!/^WEBVTT(?:[ \t][^\n]*)?\n/.test(text)) throw new Error('no signature line');
  if (text.includes('\r') || text.includes('\0')) throw new Error('carriage return or NUL');
  if (!text.endsWith('\n')) throw new Error('no line end at the end');
  const [head, ...blocks] = text.replace(/\n+$/, '').split(/\n\n+/);
  if (head!.includes('\n')) throw new Error('header lines after the signature');
  const cues: VttCue[] = [];
  for (const block of blocks) {
    if (/^NOTE(?:[ \t\n]|$)/.test(block)) {
      if (block.includes('-->')) throw new Error('an arrow in a comment');
      continue;
    }
    const lines = block.split('\n');
    if (!lines[0]!.includes('-->')) lines.shift();
    const [timing, ...texts] = lines;
    const found = /^(\S+)[ \t]+-->[ \t]+(\S+)$/.exec(timing ?? '');
    if (!found) throw new Error(`not a timing line: ${timing}`);
    const cue = { beginMs: timeMs(found[1]!), endMs: timeMs(found[2]!), text: texts.join('\n') };
    if (cue.endMs <= cue.beginMs) throw new Error(`a cue ends before it begins: ${timing}`);
    if (cue.beginMs < (cues.at(-1)?.beginMs ?? 0)) throw new Error(`a cue out of order: ${timing}`);
    if (cue.text === '' || cue.text.includes('-->')) throw new Error(`cue text empty or with an arrow: ${timing}`);
    cues.push(cue);
  }
  return cues;
}

/** Checks cue text of captions: `<` only opens tags and `&` only begins a character reference. */
export function checkCueText(text: string): void {
  if (/[<>]/.test(text)) throw new Error(`markup in ${text}`);
  if (/&(?!(?:amp|lt|gt|lrm|rlm|nbsp|#\d+|#x[0-9a-fA-F]+);)/.test(text)) throw new Error(`bare ampersand in ${text}`);
}

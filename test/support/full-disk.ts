import type { WriteBytes } from '../../src/sinks/output-file.js';

/** A system error as Node raises it. */
export const systemError = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

/** Writes for real until `bytes` are used up, over all files; then partly, then ENOSPC for ever. */
export function fullAfter(bytes: number, code = 'ENOSPC'): WriteBytes {
  let left = bytes;
  return async (handle, data, position) => {
    if (left === 0) throw systemError(code);
    const part = data.subarray(0, Math.min(left, data.byteLength));
    left -= part.byteLength;
    return (await handle.write(part, 0, part.byteLength, position)).bytesWritten;
  };
}

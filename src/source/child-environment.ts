/** What ffmpeg needs to start, find its libraries and the graphics card, and speak; everything else stays here. */
const PASSED_ON =
  /^(PATH|HOME|USERPROFILE|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT|XDG_RUNTIME_DIR|DISPLAY|LD_LIBRARY_PATH|DYLD_\w+|LIBVA_\w+|VDPAU_\w+|CUDA_\w+|NVIDIA_\w+)$/i;

/**
 * Pure: the environment of a child process. Ours may hold tokens, keys and passwords of cameras, which no child needs; a
 * proxy named there is used by our own mediator, not by ffmpeg.
 */
export function childEnvironment(
  own: NodeJS.ProcessEnv,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const passed = Object.entries(own).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && PASSED_ON.test(entry[0]);
  });
  return { ...Object.fromEntries(passed), ...more };
}

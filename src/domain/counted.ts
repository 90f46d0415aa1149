/** "1 frame", "2 frames"; `several` where an "s" does not make it: "2 tries". */
export function counted(count: number, noun: string, several = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : several}`;
}

import type { Actions } from './actions.js';

/** Every key: how it is written in the help, what it does, and the words for it. */
export const KEYS: readonly {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly words: string;
  readonly act: (actions: Actions) => void;
}[] = [
  { keys: ['n', 'ArrowDown'], shown: 'N ↓', words: 'next episode', act: (on) => on.next() },
  { keys: ['b', 'ArrowUp'], shown: 'B ↑', words: 'episode before', act: (on) => on.previous() },
  { keys: ['a', 'Enter'], shown: 'A Enter', words: 'accept, and on to the next', act: (on) => on.accept() },
  { keys: ['r', 'Delete'], shown: 'R Del', words: 'reject, and on to the next', act: (on) => on.reject() },
  { keys: ['x'], shown: 'X', words: 'take the judgement back', act: (on) => on.forget() },
  { keys: [' '], shown: 'Space', words: 'play or pause', act: (on) => on.toggle() },
  { keys: ['p'], shown: 'P', words: 'play the episode', act: (on) => on.playChosen() },
  { keys: ['ArrowLeft'], shown: '←', words: 'one frame back', act: (on) => on.frame(-1) },
  { keys: ['ArrowRight'], shown: '→', words: 'one frame on', act: (on) => on.frame(1) },
  { keys: ['j'], shown: 'J', words: 'one second back', act: (on) => on.second(-1) },
  { keys: ['k'], shown: 'K', words: 'one second on', act: (on) => on.second(1) },
  { keys: ['['], shown: '[', words: 'onset a frame earlier', act: (on) => on.nudge('onsetUs', -1) },
  { keys: [']'], shown: ']', words: 'onset a frame later', act: (on) => on.nudge('onsetUs', 1) },
  { keys: ['{'], shown: '{', words: 'offset a frame earlier', act: (on) => on.nudge('offsetUs', -1) },
  { keys: ['}'], shown: '}', words: 'offset a frame later', act: (on) => on.nudge('offsetUs', 1) },
  { keys: ['i'], shown: 'I', words: 'onset to here', act: (on) => on.setHere('onsetUs') },
  { keys: ['o'], shown: 'O', words: 'offset to here', act: (on) => on.setHere('offsetUs') },
  { keys: ['+', 'Insert'], shown: '+', words: 'add one here', act: (on) => on.add() },
  { keys: ['z'], shown: 'Z', words: 'undo', act: (on) => on.undo() },
  { keys: ['Z', 'y'], shown: 'Y', words: 'redo', act: (on) => on.redo() },
];

/** Keys of the whole page, but not while somebody writes or chooses, and not those that mean something on a control. */
export function listenToKeys(actions: Actions, help: () => void): void {
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (target.closest('input, select, textarea, dialog')) return;
    if ((event.key === ' ' || event.key === 'Enter') && target.closest('button, summary, a')) return;
    const undoing = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z';
    if (event.altKey || ((event.ctrlKey || event.metaKey) && !undoing)) return;
    if (event.key === '?') return help();
    const found = KEYS.find(({ keys }) => keys.includes(event.key));
    if (!found) return;
    event.preventDefault();
    found.act(actions);
  });
}

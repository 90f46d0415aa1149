import 'virtual:theme.css';
import { h } from '../../shared/element.js';
import { createActions } from './actions.js';
import { listVideos, openVideo } from './api.js';
import { listenToKeys } from './keys.js';
import { createSaver } from './saver.js';
import { firstState, Store } from './state.js';
import { createEditor } from './ui/editor.js';
import { createHeader, createHelp } from './ui/header.js';
import { createList } from './ui/list.js';
import { Timeline } from './ui/timeline.js';
import { createVideoPane } from './ui/video-pane.js';

const page = document.querySelector<HTMLElement>('#page')!;
const announcer = document.querySelector<HTMLElement>('#announcer')!;

/** Which video the address names: "#2" is the third. */
const wanted = (): number => Number(/^#(\d{1,6})$/.exec(location.hash)?.[1] ?? 0);

async function start(): Promise<void> {
  const videos = await listVideos();
  const video = await openVideo(Math.min(wanted(), videos.length - 1));
  const store = new Store(firstState(video));
  const save = createSaver(video.index, video.version, (state) => store.change({ save: state }));
  let told: (us: number) => void = () => undefined;
  const pane = createVideoPane(store, (us) => told(us));
  const actions = createActions(
    store,
    pane.player,
    (rating) => void save(rating),
    (text) => {
      announcer.textContent = text;
    },
  );
  const timeline = new Timeline(store, actions, pane.player.seek);
  told = (us) => timeline.at(us);
  const help = createHelp();
  const open = (index: number): void => {
    location.hash = `#${index}`;
    location.reload();
  };
  page.replaceChildren(
    createHeader(store, actions, { help: () => help.showModal(), videos: videos.map(({ name }) => name), open }),
    h('main', { children: [pane.root, createEditor(store, actions), timeline.root, createList(store, actions)] }),
    help,
  );
  document.title = `${video.name} – mien review`;
  listenToKeys(actions, () => help.showModal());
  // What is not on the disk yet would be lost.
  addEventListener('beforeunload', (event) => {
    if (store.state.save.state !== 'saved') event.preventDefault();
  });
  document.documentElement.classList.add('ready');
}

start().catch((error: unknown) => {
  page.replaceChildren(h('p', { className: 'trouble', text: error instanceof Error ? error.message : String(error) }));
});

import type { LandmarkChoice } from '../../../src/domain/face.js';
import { Connection } from './connection.js';
import { h } from './dom.js';
import { type Colours, readColours } from './draw/colours.js';
import { History } from './model/history.js';
import { keepEvidence } from './model/insights.js';
import { peopleAt } from './model/people.js';
import { dismissNotice, reduce } from './model/reduce.js';
import { type DashboardState, EMPTY_STATE } from './model/state.js';
import { settle, shownMs, type ViewClock } from './model/view-clock.js';
import type { ServerMessage } from './model/wire.js';
import { loadEpisodes } from './past-episodes.js';
import { loadInsights } from './past-insights.js';
import { keep, keepToken, remembered, tokenOfTab } from './preferences.js';
import { createAreaEditor } from './ui/area-editor.js';
import { createEvents } from './ui/events.js';
import { createExport } from './ui/export.js';
import { createHeader } from './ui/header.js';
import { createHealth } from './ui/health.js';
import { createNotice } from './ui/notice.js';
import { createPast } from './ui/past.js';
import { createPeople } from './ui/people.js';
import { createPerson } from './ui/person.js';
import { createThemeButton } from './ui/theme.js';
import { createTokenDialog } from './ui/token-dialog.js';
import { createTransport } from './ui/transport.js';
import { createWall } from './ui/wall.js';
import { createWebcamButton } from './ui/webcam-button.js';
import type { Actions, View } from './view.js';
import { STATUS_WORDS, troubleOf } from './words.js';

/** How often each part is brought up to date: texts that change faster cannot be read. */
const EVERY_MS = { texts: 125, faces: 400, lists: 500, health: 1000, charts: 60, reducedCharts: 1000 } as const;

/** The page: its state, its parts, and the clock that brings them together. */
export class App {
  #state: DashboardState = EMPTY_STATE;
  readonly #history = new History();
  #clock: ViewClock = { mode: 'live' };
  #selected: string | null = null;
  /** The person was chosen by hand: the page does not change it. */
  #chosen = false;
  #landmarks: LandmarkChoice = (remembered('landmarks') as LandmarkChoice | null) ?? '68';
  #blur = remembered('blur') === 'true';
  #colours: Colours | null = null;
  readonly #connection: Connection;
  readonly #announcer: HTMLElement;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #parts: ReturnType<App['build']>;
  readonly #due = { texts: 0, faces: 0, lists: 0, health: 0, charts: 0 };
  #view: View | undefined;

  constructor(root: HTMLElement, announcer: HTMLElement) {
    this.#announcer = announcer;
    this.#state = keepEvidence(this.#state, !this.#blur);
    this.#connection = new Connection({
      message: (message) => this.#receive(message),
      picture: ({ jpeg, ...header }) => {
        const data = new Blob([jpeg as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' });
        this.#history.addPicture(header, { data, bytes: jpeg.length }, this.#serverNow());
      },
      status: () => this.#connectionChanged(),
      gap: () => this.#loadPast(),
      refused: () => {
        const had = tokenOfTab() !== null;
        keepToken(null);
        this.#parts.token.ask(had ? 'The server does not know this token.' : 'This server asks for a token.');
      },
    });
    this.#parts = this.build();
    const { header, notice, wall, transport, people, person, events, health } = this.#parts;
    const main = h('main', {
      children: [wall.root, transport.root, people.root, person.root, events.root, health.root],
    });
    const dialogs = [
      this.#parts.token.root,
      this.#parts.exported.root,
      this.#parts.webcam.root,
      this.#parts.areas.root,
      this.#parts.past.root,
    ];
    root.append(header.root, notice.root, main, ...dialogs);
  }

  start(): void {
    this.#connection.open(tokenOfTab());
    document.addEventListener('visibilitychange', () => this.#want());
    const frame = (now: number): void => {
      this.#tick(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  private build() {
    const actions: Actions = {
      select: (key) => {
        this.#selected = key;
        this.#chosen = true;
        this.#hurry();
      },
      hold: (atMs) => {
        const before = this.#clock.mode;
        this.#clock = atMs === null ? { mode: 'live' } : { mode: 'held', atMs };
        this.#clock = settle(this.#clock, { span: this.#history.span(), now: performance.now() });
        if (before === 'live' && atMs !== null) this.#announce('Paused.');
        if (before !== 'live' && atMs === null) this.#announce('Live.');
        this.#hurry();
      },
      play: () => {
        const now = performance.now();
        const fromMs = shownMs(this.#clock, now);
        if (fromMs !== null) this.#clock = { mode: 'playing', fromMs, startedAt: now };
        this.#hurry();
      },
      setBlur: (on) => {
        this.#blur = on;
        keep('blur', String(on));
        this.#state = keepEvidence(this.#state, !on);
        // What was seen unblurred is not kept.
        if (on) {
          this.#history.forgetPictures();
          this.#parts.wall.forgetPictures();
        }
        this.#want();
        this.#announce(on ? 'Faces are blurred in the pictures.' : 'Faces are shown in the pictures.');
      },
      setLandmarks: (choice) => {
        this.#landmarks = choice;
        keep('landmarks', choice);
        this.#want();
      },
      dismissNotice: (code) => {
        this.#state = dismissNotice(this.#state, code);
        this.#hurry();
      },
      announce: (text) => this.#announce(text),
      drawAreas: (camera) => void this.#parts.areas.open(camera),
    };
    const theme = createThemeButton(() => this.#themeChanged());
    const wall = createWall(actions);
    const events = createEvents(actions);
    const past = createPast({ nameOf: (source) => this.#state.cameras.get(source)?.name ?? source });
    const exported = createExport({ view: () => this.#view, filter: events.filter });
    const webcam = createWebcamButton({
      push: (source, jpeg) => this.#connection.push(source, jpeg),
      announce: actions.announce,
    });
    return {
      wall,
      areas: createAreaEditor({ announce: actions.announce, blur: () => this.#blur }),
      events,
      exported,
      past,
      webcam,
      header: createHeader(actions, {
        landmarks: this.#landmarks,
        blur: this.#blur,
        buttons: [webcam.button, past.button, exported.button, theme],
      }),
      notice: createNotice(actions),
      transport: createTransport(actions),
      people: createPeople(actions, (source) => wall.shown(source)),
      person: createPerson(actions),
      health: createHealth(),
      token: createTokenDialog((token) => {
        keepToken(token);
        this.#connection.open(token);
        this.#want();
      }),
    };
  }

  #themeChanged(): void {
    this.#colours = null;
    this.#due.lists = 0;
    this.#due.health = 0;
  }

  #receive(message: ServerMessage): void {
    const before = this.#state;
    this.#state = reduce(before, message, Date.now());
    if (message.type === 'faces') this.#history.addFaces(message);
    else if (message.type === 'removed') this.#history.forget(message.source);
    else if (message.type === 'welcome') {
      if (before.server?.epoch !== message.epoch) {
        this.#history.restart(message.actionUnits);
        this.#clock = { mode: 'live' };
        this.#chosen = false;
        this.#loadPast();
      }
      // Without an answer there is no history to show.
      this.#parts.past.look().catch(() => undefined);
      this.#want();
    } else if (message.type === 'state') {
      const known = before.cameras.get(message.state.id);
      if (known?.status !== message.state.status) this.#tellCamera(message.state.id);
      if (known === undefined) this.#want();
    }
  }

  #tellCamera(id: string): void {
    const camera = this.#state.cameras.get(id);
    if (!camera || camera.status === 'starting') return;
    const trouble = troubleOf(camera, this.#serverNow());
    this.#announce(`${camera.name}: ${STATUS_WORDS[camera.status].toLowerCase()}. ${trouble}`);
  }

  #connectionChanged(): void {
    const { status } = this.#connection.status;
    if (this.#view?.connection.status === status) return;
    if (status === 'open') this.#announce('Connected.');
    if (status === 'waiting' && this.#view?.connection.status === 'open') this.#announce('The server is away.');
    this.#hurry();
  }

  #loadPast(): void {
    for (const load of [loadEpisodes, loadInsights]) {
      load()
        .then((messages) => {
          for (const message of messages) this.#state = reduce(this.#state, message, Date.now());
        })
        // The lists then begin with what comes over the socket.
        .catch(() => undefined);
    }
  }

  #want(): void {
    this.#connection.want({
      cameras: this.#state.cameras.size,
      landmarks: this.#landmarks,
      blurFaces: this.#blur,
      visible: document.visibilityState !== 'hidden',
    });
  }

  #announce(text: string): void {
    this.#announcer.textContent = text;
  }

  #serverNow(): number {
    return Date.now() + (this.#state.skewMs ?? 0);
  }

  /** Texts and lists with the next refresh: somebody pressed something. */
  #hurry(): void {
    this.#due.texts = 0;
    this.#due.lists = 0;
    this.#due.charts = 0;
  }

  #tick(now: number): void {
    this.#clock = settle(this.#clock, { span: this.#history.span(), now });
    const view = this.#viewAt(now);
    this.#view = view;
    const { header, notice, wall, transport, people, person, events, health, webcam } = this.#parts;
    const due = (name: 'texts' | 'faces' | 'lists' | 'health' | 'charts', everyMs: number): boolean => {
      if (now < this.#due[name]) return false;
      this.#due[name] = now + everyMs;
      return true;
    };
    if (due('texts', EVERY_MS.texts)) {
      for (const part of [people, person, wall, header]) part.update(view);
    }
    wall.draw(view);
    if (due('charts', this.#calm.matches ? EVERY_MS.reducedCharts : EVERY_MS.charts)) person.drawCharts(view);
    if (due('faces', EVERY_MS.faces)) people.drawFaces(view);
    if (due('lists', view.clock.mode === 'playing' ? EVERY_MS.texts : EVERY_MS.lists)) {
      transport.update(view);
      events.update(view);
      notice.update(view);
      webcam.update(view);
    }
    if (due('health', EVERY_MS.health)) health.update(view);
  }

  #viewAt(now: number): View {
    const state = this.#state;
    const [nowMs, atMs] = [this.#serverNow(), shownMs(this.#clock, now)];
    const behindMs = new Map([...state.cameras.values()].map(({ id, behindMs }) => [id, behindMs ?? 0]));
    const people = peopleAt(this.#history, { atMs, nowMs, order: [...state.cameras.keys()], behindMs });
    if (!this.#chosen && !people.some(({ key }) => key === this.#selected)) this.#selected = people[0]?.key ?? null;
    this.#colours ??= readColours();
    return {
      state,
      history: this.#history,
      clock: this.#clock,
      atMs,
      nowMs,
      people,
      selected: this.#selected,
      colours: this.#colours,
      emotions: state.server?.emotions ?? true,
      units: this.#history.units,
      connection: this.#connection.status,
    };
  }
}

import { createActions } from './actions.js';
import { Choices } from './choices.js';
import { Connection } from './connection.js';
import { createDialogs } from './dialogs.js';
import { h } from './dom.js';
import { type Colours, readColours } from './draw/colours.js';
import { loadPast } from './load-past.js';
import { History } from './model/history.js';
import { keepEvidence } from './model/insights.js';
import { peopleAt } from './model/people.js';
import { reduce } from './model/reduce.js';
import { type DashboardState, EMPTY_STATE } from './model/state.js';
import { recordingTold, serverLost } from './model/system-log.js';
import { settle, shownMs } from './model/view-clock.js';
import type { ServerMessage } from './model/wire.js';
import { EVERY_MS, Pace } from './pace.js';
import { keepToken, tokenOfTab } from './preferences.js';
import { createAlerts } from './ui/alerts.js';
import { createEvents } from './ui/events.js';
import { createHeader } from './ui/header.js';
import { createHealth } from './ui/health.js';
import { createNotice } from './ui/notice.js';
import { createPeople } from './ui/people.js';
import { createPerson } from './ui/person.js';
import { createSystemLog } from './ui/system-log.js';
import { createThemeButton } from './ui/theme.js';
import { createTransport } from './ui/transport.js';
import { createWall } from './ui/wall.js';
import { WallMode } from './ui/wall-mode.js';
import type { View, WallView } from './view.js';
import { STATUS_WORDS, troubleOf } from './words.js';

/** How often it is asked whether recording goes on: nothing tells of it. */
const KEPT_MS = 20_000;

/** The page: its state, its parts, and the clock that brings them together. */
export class App {
  #state: DashboardState = EMPTY_STATE;
  readonly #history = new History();
  readonly #choices = new Choices();
  #colours: Colours | null = null;
  readonly #connection: Connection;
  readonly #announcer: HTMLElement;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #parts: ReturnType<App['build']>;
  readonly #pace = new Pace();
  #view: View | undefined;

  constructor(root: HTMLElement, announcer: HTMLElement) {
    this.#announcer = announcer;
    this.#state = keepEvidence(this.#state, !this.#choices.blur);
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
        this.#parts.token.ask(had ? 'The server does not know this token.' : '');
      },
    });
    this.#parts = this.build();
    const { header, alerts, wallMode, notice, wall, transport, people, person, events, log, health } = this.#parts;
    const head = h('div', { className: 'head', children: [header.root, alerts.root, wallMode.root] });
    const main = h('main', {
      children: [wall.root, transport.root, people.root, person.root, events.root, log.root, health.root],
    });
    root.append(head, notice.root, main, ...this.#parts.roots);
  }

  start(): void {
    this.#connection.open(tokenOfTab());
    document.addEventListener('visibilitychange', () => this.#want());
    setInterval(() => document.visibilityState === 'visible' && this.#lookAtKept(), KEPT_MS);
    const frame = (now: number): void => {
      this.#tick(now);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  private build() {
    const actions = createActions({
      choices: this.#choices,
      history: this.#history,
      parts: () => this.#parts,
      change: (how) => this.#change(how),
      want: () => this.#want(),
      hurry: () => this.#hurry(),
      announce: (text) => this.#announce(text),
      drawAreas: (camera) => void this.#parts.areas.open(camera),
      changeCamera: (camera) => void this.#parts.cameras.open(camera),
    });
    const wallMode = new WallMode((wall) => this.#wallChanged(wall));
    const theme = createThemeButton(() => this.#themeChanged());
    const wall = createWall(actions);
    const events = createEvents(actions);
    const dialogs = createDialogs({
      actions,
      choices: this.#choices,
      state: () => this.#state,
      view: () => this.#view,
      filter: events.filter,
      push: (source, jpeg) => this.#connection.push(source, jpeg),
      logIn: (token) => this.#logIn(token),
    });
    const { webcam, past, exported, cameras, rules, token } = dialogs;
    return {
      ...dialogs,
      wall,
      wallMode,
      events,
      alerts: createAlerts(actions),
      log: createSystemLog(),
      header: createHeader(actions, {
        landmarks: this.#choices.landmarks,
        blur: this.#choices.blur,
        buttons: [
          wallMode.button,
          cameras.button,
          webcam.button,
          rules.button,
          past.button,
          exported.button,
          theme,
          token.button,
        ],
      }),
      notice: createNotice(actions),
      transport: createTransport(actions),
      people: createPeople(actions, (source) => wall.shown(source)),
      person: createPerson(actions),
      health: createHealth(),
    };
  }

  /** Who came before is forgotten with what they saw: the page is as it was when it was opened. */
  #logIn(token: string | null): void {
    keepToken(token);
    // A browser that keeps nothing has it in this connection only.
    if (tokenOfTab() === token) location.reload();
    else this.#connection.open(token);
  }

  #themeChanged(): void {
    this.#colours = null;
    this.#pace.hurry('lists', 'health');
  }

  #wallChanged(wall: WallView | null): void {
    this.#want();
    this.#announce(wall === null ? 'The whole page.' : 'Pictures alone. Escape leads back.');
    this.#hurry();
  }

  /** Of a camera that there is not (any more) it is the wall of all. */
  get #wall(): WallView | null {
    const { view } = this.#parts.wallMode;
    return view && { only: view.only !== null && this.#state.cameras.has(view.only) ? view.only : null };
  }

  #lookAtKept(): void {
    this.#parts.past
      .look()
      .then((kept) => {
        const stopped = kept?.state.status === 'stopped' ? kept.state : null;
        this.#change((before) => ({ ...before, log: recordingTold(before.log, stopped, this.#serverNow()) }));
      })
      // Without an answer there is no history to show.
      .catch(() => undefined);
  }

  #receive(message: ServerMessage): void {
    const before = this.#state;
    this.#state = reduce(before, message, Date.now());
    this.#parts.rules.take(message);
    if (message.type === 'faces') this.#history.addFaces(message);
    else if (message.type === 'removed') {
      this.#history.forget(message.source);
      this.#want();
    } else if (message.type === 'welcome') {
      if (before.server?.epoch !== message.epoch) {
        this.#history.restart(message.actionUnits);
        this.#choices.clock = { mode: 'live' };
        this.#choices.byHand = false;
        this.#loadPast();
      }
      this.#lookAtKept();
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
    if (status === 'waiting' && this.#state.server !== null) {
      this.#change((before) => ({ ...before, log: serverLost(before.log, this.#serverNow()) }));
    }
    if (status === 'waiting' && this.#view?.connection.status === 'open') this.#announce('The server is away.');
    this.#hurry();
  }

  #loadPast(): void {
    loadPast((how) => this.#change(how));
  }

  #change(how: (before: DashboardState) => DashboardState): void {
    this.#state = how(this.#state);
  }

  #want(): void {
    this.#connection.want({
      cameras: this.#state.cameras.size,
      landmarks: this.#choices.landmarks,
      blurFaces: this.#choices.blur,
      visible: document.visibilityState !== 'hidden',
      wall: this.#wall !== null,
      only: this.#wall?.only ?? null,
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
    this.#pace.hurry('texts', 'lists', 'charts');
  }

  #tick(now: number): void {
    this.#choices.clock = settle(this.#choices.clock, { span: this.#history.span(), now });
    const view = this.#viewAt(now);
    this.#view = view;
    const { header, alerts, wallMode, notice, wall, transport, people, person, events, log, health, webcam } =
      this.#parts;
    const { cameras, rules, token } = this.#parts;
    const pace = this.#pace;
    // Pictures alone: nothing else is seen.
    const whole = view.wall === null;
    if (pace.due('texts', now, EVERY_MS.texts)) {
      for (const part of [wall, alerts, wallMode]) part.update(view);
      if (whole) for (const part of [people, person, header]) part.update(view);
    }
    wall.draw(view);
    if (!whole) return;
    const chartsMs = this.#calm.matches ? EVERY_MS.reducedCharts : EVERY_MS.charts;
    if (pace.due('charts', now, chartsMs)) person.drawCharts(view);
    if (pace.due('faces', now, EVERY_MS.faces)) people.drawFaces(view);
    if (pace.due('lists', now, view.clock.mode === 'playing' ? EVERY_MS.texts : EVERY_MS.lists)) {
      for (const part of [transport, events, log, notice, webcam, rules]) part.update(view);
      for (const part of [cameras, token]) part.update(view.state);
    }
    if (pace.due('health', now, EVERY_MS.health)) health.update(view);
  }

  #viewAt(now: number): View {
    const state = this.#state;
    const [nowMs, atMs] = [this.#serverNow(), shownMs(this.#choices.clock, now)];
    const behindMs = new Map([...state.cameras.values()].map(({ id, behindMs }) => [id, behindMs ?? 0]));
    const people = peopleAt(this.#history, { atMs, nowMs, order: [...state.cameras.keys()], behindMs });
    if (!this.#choices.byHand && !people.some(({ key }) => key === this.#choices.selected))
      this.#choices.selected = people[0]?.key ?? null;
    this.#colours ??= readColours();
    return {
      state,
      history: this.#history,
      clock: this.#choices.clock,
      atMs,
      nowMs,
      people,
      selected: this.#choices.selected,
      colours: this.#colours,
      emotions: state.server?.emotions ?? true,
      units: this.#history.units,
      connection: this.#connection.status,
      wall: this.#wall,
    };
  }
}

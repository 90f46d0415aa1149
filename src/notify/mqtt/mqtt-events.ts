import type { CameraState, LiveEvent } from '../../domain/live.js';
import type { MqttKind } from '../../domain/mqtt.js';
import type { Episode } from '../../domain/records.js';
import type { Rule, RuleFiring } from '../../domain/rules.js';
import type { MqttEpisode, MqttExpression, MqttFaces, MqttRuleState } from '../../protocol/mqtt-messages.js';
import { jsonEpisode } from '../../record/record-json.js';
import type { Clock } from '../../rx/clock.js';
import { expressionPayload, facesPayload, silentExpression, silentFaces, statePayload } from './camera-payloads.js';
import { discoveryOf } from './discovery.js';
import { Pace, type Told } from './pace.js';
import { type Topics, topicsOf } from './topics.js';

interface MqttEventsOptions {
  readonly prefix: string;
  /** This process among several that publish. @default alone */
  readonly node?: string;
  /** Null: Home Assistant is not told. */
  readonly discoveryPrefix: string | null;
  readonly publish: readonly MqttKind[];
  readonly intervalMs: number;
  readonly rules: readonly Rule[];
  readonly version: string;
  readonly clock: Pick<Clock, 'nowMs' | 'wallTimeMs' | 'after'>;
  /** Where to: a newest state of a topic, or an event. */
  readonly to: {
    readonly state: (topic: string, payload: string) => void;
    readonly event: (topic: string, payload: string) => void;
    /** Another process tells of the topic. */
    readonly leave: (topic: string) => void;
  };
}

/** A camera that is told of: retained topics, the face whose expression was told, episodes that go on. */
interface Camera {
  name: string;
  readonly retained: Set<string>;
  track: number | null;
  readonly episodes: Map<string, Episode>;
}

/** A camera that is replaced is there again at once: only one that stays away is removed from the broker. */
const REMOVED_AFTER_MS = 1_000;

/** Turns what happens at cameras into messages of their topics (docs/mqtt.md). */
export class MqttEvents {
  readonly #options: MqttEventsOptions;
  readonly #topics: Topics;
  readonly #pace: Pace;
  readonly #publishes: ReadonlySet<MqttKind>;
  readonly #cameras = new Map<string, Camera>();
  /** Cameras that were removed just now. */
  readonly #leaving = new Map<string, () => void>();

  constructor(options: MqttEventsOptions) {
    this.#options = options;
    this.#topics = topicsOf(options.prefix, options.node);
    this.#publishes = new Set(options.publish);
    this.#pace = new Pace(options.intervalMs, options.clock, (topic, payload) => options.to.state(topic, payload));
  }

  take(event: LiveEvent): void {
    switch (event.type) {
      case 'state':
        this.#state(event.state);
        break;
      case 'faces':
        this.#faces(event);
        break;
      case 'silent':
        this.#silent(event.source);
        break;
      case 'episode':
        this.#episode(event.source, event.episode);
        break;
      case 'rule':
        this.#rule(event.firing);
        break;
      case 'removed':
        this.#removed(event.source);
        break;
      case 'insight':
      case 'writing':
        break;
    }
  }

  /** A firing as its rule asks for. @param topic - that of all rules when left out */
  firing(firing: RuleFiring, topic: string = this.#topics.rules): void {
    this.#options.to.event(topic, JSON.stringify(firing));
  }

  /** Another process tells of this camera from now on: nothing more is told of it here, and nothing taken back. */
  handOver(source: string): void {
    const camera = this.#cameras.get(source);
    if (!camera) return;
    this.#leaving.get(source)?.();
    this.#leaving.delete(source);
    for (const topic of camera.retained) {
      this.#pace.forget(topic);
      this.#options.to.leave(topic);
    }
    this.#cameras.delete(source);
  }

  /** What was removed just now is removed from the broker, too. */
  close(): void {
    for (const [id, cancel] of this.#leaving) {
      cancel();
      this.#forget(id);
    }
    this.#pace.close();
  }

  #state(state: CameraState): void {
    const { id, name } = state;
    this.#leaving.get(id)?.();
    this.#leaving.delete(id);
    const known = this.#cameras.get(id);
    const camera = known ?? { name: '', retained: new Set(), track: null, episodes: new Map() };
    this.#cameras.set(id, camera);
    if (this.#publishes.has('state')) this.#tell(camera, this.#topics.state(id), JSON.stringify(statePayload(state)));
    if (known?.name === name) return;
    camera.name = name;
    this.#discovery(camera, id);
    if (known) return;
    // What an earlier run told is no longer known.
    this.#silent(id);
    for (const rule of this.#rulesAt(id)) this.#ruleState(camera, { source: id, rule: rule.id }, null);
  }

  #discovery(camera: Camera, id: string): void {
    const { discoveryPrefix, prefix, version } = this.#options;
    if (discoveryPrefix === null) return;
    const publishes = (kind: MqttKind): boolean => this.#publishes.has(kind);
    const about = { discoveryPrefix, prefix, version, topics: this.#topics, publishes };
    const messages = discoveryOf({ id, name: camera.name }, this.#rulesAt(id), about);
    for (const { topic, payload } of messages) this.#tell(camera, topic, payload);
  }

  #faces(event: Extract<LiveEvent, { type: 'faces' }>): void {
    const { source } = event;
    const camera = this.#cameras.get(source);
    if (!camera) return;
    this.#offer(camera, 'faces', source, () => facesPayload(event));
    this.#offer(camera, 'expression', source, () => {
      const told = expressionPayload(event, camera.track);
      camera.track = told.track;
      return told;
    });
  }

  #silent(source: string): void {
    const camera = this.#cameras.get(source);
    if (!camera) return;
    const now = this.#options.clock.wallTimeMs();
    this.#offer(camera, 'faces', source, () => silentFaces(source, now));
    this.#offer(camera, 'expression', source, () => silentExpression(source, now));
  }

  #offer(camera: Camera, kind: 'faces' | 'expression', source: string, make: () => MqttFaces | MqttExpression): void {
    if (!this.#publishes.has(kind)) return;
    const topic = this.#topics[kind](source);
    camera.retained.add(topic);
    this.#pace.offer(topic, (): Told => {
      const payload = make();
      // Time alone is no change.
      return { facts: JSON.stringify({ ...payload, at: null, ptsUs: null }), payload: JSON.stringify(payload) };
    });
  }

  #episode(source: string, told: Episode): void {
    const camera = this.#cameras.get(source);
    if (!camera || !this.#publishes.has('episodes')) return;
    const after = jsonEpisode(told);
    const message: MqttEpisode = { v: 1, type: after.phase, before: camera.episodes.get(after.id) ?? null, after };
    if (after.phase === 'end') camera.episodes.delete(after.id);
    else camera.episodes.set(after.id, after);
    this.#options.to.event(this.#topics.episodes, JSON.stringify(message));
  }

  #rule(firing: RuleFiring): void {
    const camera = this.#cameras.get(firing.source);
    if (camera) this.#ruleState(camera, firing, firing);
  }

  #ruleState(
    camera: Camera,
    { source, rule }: { readonly source: string; readonly rule: string },
    firing: RuleFiring | null,
  ): void {
    if (!this.#publishes.has('rules')) return;
    const message: MqttRuleState = { v: 1, source, rule, active: firing?.phase === 'start', firing };
    this.#tell(camera, this.#topics.rule(source, rule), JSON.stringify(message));
  }

  #removed(source: string): void {
    const camera = this.#cameras.get(source);
    if (!camera) return;
    camera.episodes.clear();
    camera.track = null;
    for (const topic of [this.#topics.faces(source), this.#topics.expression(source)]) this.#pace.forget(topic);
    this.#leaving.set(
      source,
      this.#options.clock.after(REMOVED_AFTER_MS, () => this.#forget(source)),
    );
  }

  #forget(source: string): void {
    const own = `${this.#options.prefix}/`;
    const retained = [...(this.#cameras.get(source)?.retained ?? [])];
    // Discovery first: nobody is left then who would read an empty state.
    retained.sort((a, b) => Number(a.startsWith(own)) - Number(b.startsWith(own)));
    for (const topic of retained) this.#options.to.state(topic, '');
    this.#cameras.delete(source);
    this.#leaving.delete(source);
  }

  #tell(camera: Camera, topic: string, payload: string): void {
    camera.retained.add(topic);
    this.#options.to.state(topic, payload);
  }

  #rulesAt(id: string): readonly Rule[] {
    return this.#options.rules.filter(({ cameras }) => cameras === null || cameras.includes(id));
  }
}

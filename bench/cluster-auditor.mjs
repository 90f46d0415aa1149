// A subscriber of a cluster that goes from one gateway to the next, and holds against what it got what it should have got.
import { WebSocket } from 'ws';
import { wait } from './serving.mjs';

const KINDS = ['faces', 'episodes', 'insights', 'rules', 'states'];

/** One connection after the other, to whichever gateway takes it; resumes where the last one ended. */
class Subscriber {
  constructor({ urls, token, onMessage }) {
    Object.assign(this, {
      urls,
      token,
      onMessage,
      at: 0,
      epoch: null,
      seq: null,
      closed: false,
      resumes: 0,
      replaying: 0,
      gaps: 0,
      subscribed: false,
    });
  }

  connect() {
    const url = this.urls[this.at % this.urls.length];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, 'mien.v1', { handshakeTimeout: 1_000 });
    this.socket = socket;
    let last = Date.now();
    const pinging = setInterval(() => {
      if (Date.now() - last > 3_000) return socket.terminate();
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: 'ping', id: 1 }));
    }, 1_000);
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', v: 1, token: this.token, client: 'audit' })));
    socket.on('message', (data) => {
      last = Date.now();
      this.take(JSON.parse(data.toString()), socket);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(pinging);
      if (this.closed) return;
      this.at += 1;
      setTimeout(() => this.closed || this.connect(), 100);
    });
  }

  take(message, socket) {
    if (message.type === 'welcome') {
      const resume = this.seq === null ? {} : { resume: { epoch: this.epoch, seq: this.seq } };
      if (this.epoch !== null && this.epoch !== message.epoch) this.onMessage({ type: 'another-epoch' });
      this.epoch = message.epoch;
      socket.send(JSON.stringify({ type: 'subscribe', id: 'a', sources: '*', kinds: KINDS, ...resume }));
      return;
    }
    if (message.type === 'subscribed') {
      if (this.subscribed) this.resumes += 1;
      this.subscribed = true;
      if (message.gap) this.gaps += 1;
      this.replaying = message.replayed;
    }
    this.onMessage(message, this);
    if (message.seq !== undefined && message.type !== 'welcome' && (this.seq === null || message.seq > this.seq))
      this.seq = message.seq;
  }

  close() {
    this.closed = true;
    this.socket?.terminate();
  }
}

export class Auditor {
  constructor({ urls, token, cameras }) {
    Object.assign(this, {
      urls,
      token,
      count: cameras,
      times: [],
      problems: [],
      episodes: new Map(),
      firings: new Map(),
      numbered: 0,
    });
    const onMessage = (message, from) => this.take(message, from);
    // The first one alone is audited for order; the second, at the other gateway, sees frames when the first is on its way.
    this.subscribers = [urls, [...urls].reverse()].map((list) => new Subscriber({ urls: list, token, onMessage }));
  }

  async begin() {
    for (const subscriber of this.subscribers) subscriber.connect();
  }

  take(message, from) {
    const now = Date.now();
    if (message.type === 'another-epoch') this.problems.push('another epoch');
    if (message.type === 'faces') this.times.push({ kind: 'faces', camera: message.source, now });
    if (message.type === 'insight') this.times.push({ kind: 'insights', camera: message.source, now });
    if (from !== this.subscribers[0]) return;
    if (message.type === 'subscribed') this.times.push({ kind: 'resumed', camera: '', now });
    if (message.seq === undefined || message.type === 'welcome') return;
    this.numbered += 1;
    // What is replayed has only the newest update of an episode.
    const replayed = from.replaying > 0;
    if (replayed) from.replaying -= 1;
    const follows = from.seq === null || (replayed ? message.seq > from.seq : message.seq === from.seq + 1);
    if (!follows) this.problems.push(`number ${message.seq} after ${from.seq} (${message.type})`);
    if (message.type === 'episode') this.follow(this.episodes, message.episode);
    if (message.type === 'rule')
      this.follow(this.firings, { ...message.firing, phase: message.firing.phase === 'start' ? 'new' : 'end' });
  }

  /** Each begins once and ends once. */
  follow(known, { id, phase }) {
    const before = known.get(id);
    if (phase === 'new' && before !== undefined) this.problems.push(`${id} began twice`);
    if (before === 'end') this.problems.push(`${id}: ${phase} after its end`);
    known.set(id, phase === 'end' ? 'end' : 'open');
  }

  async settled(cameras) {
    for (let tries = 0; tries < 300; tries++) {
      const since = Date.now() - 1_500;
      const seen = new Set(
        this.times.filter(({ kind, now }) => kind === 'faces' && now > since).map(({ camera }) => camera),
      );
      if (seen.size === cameras) return;
      await wait(0.1);
    }
    throw new Error('not all cameras came up');
  }

  mark() {
    return Date.now();
  }

  /** Longest time since `from` in which a camera, or any, sent none of a kind, seconds. */
  longestGaps(from) {
    const until = Date.now();
    const gap = (times) => {
      const points = [from, ...times.filter((now) => now >= from), until];
      return Math.max(...points.slice(1).map((now, at) => now - points[at])) / 1000;
    };
    const of = (kind) => this.times.filter((each) => each.kind === kind);
    const cameras = Array.from({ length: this.count }, (_, at) => `camera-${at + 1}`);
    const faces = Math.max(
      ...cameras.map((camera) =>
        gap(
          of('faces')
            .filter((each) => each.camera === camera)
            .map(({ now }) => now),
        ),
      ),
    );
    const resumed = of('resumed').find(({ now }) => now >= from);
    return {
      faces,
      insights: gap(of('insights').map(({ now }) => now)),
      resumed: resumed ? (resumed.now - from) / 1000 : null,
    };
  }

  /** Cameras of each node, as a gateway that answers says. */
  async held() {
    for (const url of this.urls) {
      try {
        const answer = await fetch(`${url}/api/v1/sources`, {
          headers: { authorization: `Bearer ${this.token}` },
          signal: AbortSignal.timeout(1_500),
        });
        const { sources } = await answer.json();
        return sources.filter(({ status }) => status === 'running').length;
      } catch {
        // The other one.
      }
    }
    return null;
  }

  /** What was wrong over the whole run. */
  async end() {
    const now = Date.now();
    await wait(1);
    const open = [...this.episodes].filter(([, phase]) => phase === 'open').map(([id]) => id);
    const [first] = this.subscribers;
    if (first.gaps > 0) this.problems.push(`${first.gaps} gaps after resuming`);
    // Of each track only episodes of faces that are still there may go on.
    return {
      seconds: (now - this.times[0].now) / 1000,
      numbered: this.numbered,
      episodes: this.episodes.size,
      firings: this.firings.size,
      openEpisodes: open,
      resumes: first.resumes,
      problems: this.problems,
    };
  }

  close() {
    for (const subscriber of this.subscribers) subscriber.close();
  }
}

import { authorityOf, type CameraAddress, parseCameraAddress } from '../../../domain/camera-address.js';
import type { SourceEndReason } from '../../../domain/live.js';
import { CameraLogin } from '../camera-login.js';
import { type RtspMessage, requestLine, statusLine, valuesOf, writeMessage } from './rtsp-message.js';
import { requestAddress, StreamAddresses, transportFrom } from './stream-addresses.js';

/** What the relay does next. */
export type RelayStep =
  | { readonly kind: 'to-camera'; readonly bytes: Uint8Array }
  | { readonly kind: 'to-player'; readonly bytes: Uint8Array }
  /** The camera sends its viewers elsewhere: connect there, by the same rules, then send these bytes. */
  | { readonly kind: 'move'; readonly camera: CameraAddress; readonly bytes: Uint8Array }
  | { readonly kind: 'end'; readonly reason: SourceEndReason; readonly problem: string };

interface Asked {
  readonly request: RtspMessage;
  readonly method: string;
  readonly uri: string;
  readonly playerCseq: string;
  readonly withLogin: boolean;
}

const MOST_MOVES = 5;
/** Headers of an answer that the player needs; nothing else reaches it: no address, no challenge. */
const FOR_PLAYER = ['Session', 'Transport', 'Range', 'RTP-Info', 'Content-Type', 'Public'];
/** What one side says to the other about the connection between them. */
const NOT_FOR_CAMERA = /^(cseq|authorization|content-length)$/i;

/**
 * Pure: the conversation between a player that knows no address and no password, and a camera. Requests are answered in
 * any order; moves (3xx) are followed until the description is there, five at most.
 */
export class RtspMediation {
  readonly #own: string;
  #camera: CameraAddress;
  #login: CameraLogin;
  #addresses: StreamAddresses;
  readonly #asked = new Map<string, Asked>();
  #cseq = 0;
  #moves = 0;

  /** @param own - our address, "rtsp://127.0.0.1:1234" */
  constructor(own: string, camera: CameraAddress) {
    this.#own = own;
    this.#camera = camera;
    this.#login = new CameraLogin(camera.login);
    this.#addresses = new StreamAddresses(own, camera);
  }

  /** What the player opens. */
  get url(): string {
    return this.#addresses.start;
  }

  fromPlayer(message: RtspMessage): RelayStep[] {
    const line = requestLine(message);
    if (!line) return []; // An answer: the camera's questions are answered here, so there is nothing to answer.
    const playerCseq = valuesOf(message, 'cseq')[0] ?? '0';
    const uri = this.#addresses.toCamera(line.uri);
    if (uri === null) return [toPlayer('404 Not Found', [['CSeq', playerCseq]])];
    return [{ kind: 'to-camera', bytes: this.#ask({ request: message, method: line.method, uri, playerCseq }) }];
  }

  /** @param ip - the camera's IP address, which was checked */
  fromCamera(message: RtspMessage, ip: string): RelayStep[] {
    const line = statusLine(message);
    if (!line) return [answerTo(message)];
    const cseq = valuesOf(message, 'cseq')[0] ?? '';
    const asked = this.#asked.get(cseq);
    if (!asked || line.status < 200) return [];
    this.#asked.delete(cseq);
    if (line.status >= 300 && line.status < 400) return [this.#move(asked, valuesOf(message, 'location')[0])];
    if (line.status === 401) {
      if (this.#login.challenged(valuesOf(message, 'www-authenticate'), asked.withLogin)) {
        return [{ kind: 'to-camera', bytes: this.#ask(asked) }];
      }
    } else if (asked.withLogin) this.#login.accepted();
    return [this.#answer(message, asked, ip)];
  }

  #ask(asked: Omit<Asked, 'withLogin'>): Uint8Array {
    const { request, method, uri } = asked;
    const cseq = String(++this.#cseq);
    const login = this.#login.header(method, uri);
    this.#asked.set(cseq, { ...asked, withLogin: login !== null });
    return writeMessage({
      start: `${method} ${uri} RTSP/1.0`,
      headers: [
        ['CSeq', cseq],
        ...request.headers.filter(([name]) => !NOT_FOR_CAMERA.test(name)),
        ...(login === null ? [] : [['Authorization', login] as const]),
      ],
      body: request.body,
    });
  }

  #answer(message: RtspMessage, asked: Asked, ip: string): RelayStep {
    const { status, reason } = statusLine(message)!;
    const body =
      asked.method === 'DESCRIBE' && status === 200
        ? this.#addresses.describe(message.body, valuesOf(message, 'content-base')[0] ?? null)
        : message.body;
    const headers = FOR_PLAYER.flatMap((name) => {
      const value = valuesOf(message, name)[0];
      if (value === undefined) return [];
      if (name === 'Transport') return [[name, transportFrom(ip, value)] as const];
      const known = name === 'RTP-Info' ? this.#addresses.rtpInfo(value) : value;
      return known === '' ? [] : [[name, known] as const];
    });
    const words = reason.replace(/[^ -~]/g, '?').slice(0, 80);
    return toPlayer(`${status} ${words}`, [['CSeq', asked.playerCseq], ...headers], body);
  }

  #move(asked: Asked, location: string | undefined): RelayStep {
    const end = (problem: string): RelayStep => ({ kind: 'end', reason: 'unusable', problem });
    const next = parseCameraAddress(location ?? '', 'rtsp');
    if ('problem' in next)
      return end('redirects to something other than an RTSP address; give the address of the stream itself');
    const where = `${next.scheme}://${authorityOf(next, 'unless-default')}`;
    if (!['OPTIONS', 'DESCRIBE'].includes(asked.method)) {
      return end(`redirects to ${where} in the middle of a session; use that address instead`);
    }
    if (++this.#moves > MOST_MOVES)
      return end(`redirects more than ${MOST_MOVES} times, last to ${where}; use the right address`);
    const same = (['scheme', 'host', 'port'] as const).every((part) => next[part] === this.#camera[part]);
    // A password is for the server it was given for, and for nobody that server names.
    if (next.login || !same) this.#login = new CameraLogin(next.login);
    this.#camera = next;
    this.#addresses = new StreamAddresses(this.#own, next);
    this.#asked.clear();
    return { kind: 'move', camera: next, bytes: this.#ask({ ...asked, uri: requestAddress(next) }) };
  }
}

function toPlayer(status: string, headers: RtspMessage['headers'], body = ''): RelayStep {
  return { kind: 'to-player', bytes: writeMessage({ start: `RTSP/1.0 ${status}`, headers, body }) };
}

/** Cameras may ask whether the player lives; nothing they ask is passed on, least of all REDIRECT. */
function answerTo(question: RtspMessage): RelayStep {
  const alive = /^(OPTIONS|GET_PARAMETER|SET_PARAMETER) /.test(question.start);
  const headers = question.headers.filter(([name]) => /^(cseq|session)$/i.test(name));
  const start = `RTSP/1.0 ${alive ? '200 OK' : '501 Not Implemented'}`;
  return { kind: 'to-camera', bytes: writeMessage({ start, headers, body: '' }) };
}

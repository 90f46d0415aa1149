import { createHash } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type AccessUnit, h264Sdp, rtpPackets } from './rtp-h264.js';

export interface RtspLogin {
  readonly user: string;
  readonly password: string;
  readonly method: 'basic' | 'digest';
}

/** How connections are answered: played, not found, or taken without a word (half open). */
export type RtspMode = 'play' | 'not-found' | 'silent';

const NONCE = 'b2a1';
const REALM = 'mien';

/**
 * A small RTSP 1.0 server (RFC 2326) of one H.264 stream at /live, over TCP (interleaved) and UDP, which plays in a loop
 * from its first picture for each client, at a steady rate, and misbehaves on demand.
 */
export class RtspServer {
  mode: RtspMode = 'play';
  /** Nothing is sent while true; clients stay connected. */
  stalled = false;
  /** Requests of this method are sent elsewhere (302). */
  moved: { readonly method: string; readonly location: string } | undefined;
  /** Where the description says the track is; relative, or an address. */
  control = 'track1';
  /** True for RTP packets that get lost on the way, counted from 0 for each client. */
  loses: ((packet: number) => boolean) | undefined;
  /** Called as each picture is sent. */
  onSend: (() => void) | undefined;
  #pictures: readonly AccessUnit[];
  readonly #fps: number;
  readonly #login: RtspLogin | undefined;
  readonly #clients = new Set<RtspClient>();
  #server: Server | undefined;
  #port = 0;
  #plays = 0;
  #onPlay: (() => void)[] = [];

  constructor(options: { pictures: readonly AccessUnit[]; fps: number; login?: RtspLogin | undefined }) {
    this.#pictures = options.pictures;
    this.#fps = options.fps;
    this.#login = options.login;
  }

  /** Listens, on the same port each time. */
  async open(): Promise<void> {
    const server = createServer((socket) => {
      const client = new RtspClient(socket, this);
      this.#clients.add(client);
      socket.once('close', () => this.#clients.delete(client));
    });
    this.#server = server;
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Refuses connections and cuts those that are there. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.dropClients();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  dropClients(): void {
    for (const client of this.#clients) client.destroy();
    this.#clients.clear();
  }

  /** Sends bytes that are no RTP to all who play over TCP, in place of the stream. */
  sendGarbage(bytes: Uint8Array): void {
    this.stalled = true;
    for (const client of this.#clients) client.raw(bytes);
  }

  /** Goes on with other pictures: a change of size is told by their parameter sets. */
  switchTo(pictures: readonly AccessUnit[]): void {
    this.#pictures = pictures;
    for (const client of this.#clients) client.rewind();
  }

  /** The camera's clock is set: RTP timestamps jump by this much. */
  jumpClock(seconds: number): void {
    for (const client of this.#clients) client.jumpClock(seconds);
  }

  /** PLAY requests so far. */
  get plays(): number {
    return this.#plays;
  }
  get clients(): number {
    return this.#clients.size;
  }
  get pictures(): readonly AccessUnit[] {
    return this.#pictures;
  }
  get frameMs(): number {
    return 1000 / this.#fps;
  }
  get login(): RtspLogin | undefined {
    return this.#login;
  }

  url({ user, password }: { user?: string; password?: string } = {}): string {
    const login = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`;
    return `rtsp://${login}127.0.0.1:${this.#port}/live`;
  }

  /** Resolves at the next PLAY. */
  nextPlay(): Promise<void> {
    return new Promise((resolve) => this.#onPlay.push(resolve));
  }

  played(): void {
    this.#plays++;
    for (const tell of this.#onPlay.splice(0)) tell();
  }
}

class RtspClient {
  readonly #socket: Socket;
  readonly #server: RtspServer;
  readonly #rtp = { sequence: 1, timestamp: 12_345, ssrc: 0x6d69656e };
  #input = '';
  #send: ((packet: Buffer) => void) | undefined;
  #udp: UdpSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #packets = 0;

  constructor(socket: Socket, server: RtspServer) {
    this.#socket = socket;
    this.#server = server;
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // The client left: 'close' follows.
    socket.once('close', () => this.#stop());
    socket.on('data', (bytes) => this.#read(bytes.toString('latin1')));
  }

  destroy(): void {
    this.#stop();
    this.#socket.destroy();
  }

  raw(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  rewind(): void {
    this.#next = 0;
  }

  jumpClock(seconds: number): void {
    this.#rtp.timestamp = (this.#rtp.timestamp + seconds * 90_000) >>> 0;
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#udp?.close();
    this.#udp = undefined;
  }

  #read(text: string): void {
    if (this.#server.mode === 'silent') return;
    // Receiver reports come interleaved; requests are the only thing that begins with a capital word.
    this.#input = (this.#input + text).slice(-16_384);
    for (;;) {
      const request = /([A-Z_]{4,}) (\S+) RTSP\/1\.0\r\n([\s\S]*?)\r\n\r\n/.exec(this.#input);
      if (!request) return;
      this.#input = this.#input.slice(request.index + request[0].length);
      this.#answer(request[1]!, request[2]!, request[3]!);
    }
  }

  #answer(method: string, uri: string, headers: string): void {
    const value = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(headers)?.[1]?.trim() ?? '';
    const reply = (status: string, lines: readonly string[] = [], body = '') =>
      this.#socket.write([`RTSP/1.0 ${status}`, `CSeq: ${value('CSeq')}`, ...lines, '', body].join('\r\n'));
    const { moved } = this.#server;
    if (moved?.method === method) {
      reply('302 Found', [`Location: ${moved.location}`]);
      return;
    }
    if (method === 'OPTIONS') {
      reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
      return;
    }
    const { login, mode } = this.#server;
    if (login && !authorised(login, method, value('Authorization'))) {
      const challenge =
        login.method === 'basic' ? `Basic realm="${REALM}"` : `Digest realm="${REALM}", nonce="${NONCE}"`;
      reply('401 Unauthorized', [`WWW-Authenticate: ${challenge}`]);
    } else if (mode === 'not-found' || !/\/live(\/|$)/.test(uri)) reply('404 Not Found');
    else if (method === 'DESCRIBE') {
      const sdp = h264Sdp(this.#server.pictures[0]!).replace('control:track1', `control:${this.#server.control}`);
      reply('200 OK', ['Content-Type: application/sdp', `Content-Base: ${uri}/`, `Content-Length: ${sdp.length}`], sdp);
    } else if (method === 'SETUP') void this.#setup(value('Transport'), reply);
    else if (method === 'PLAY') {
      reply('200 OK', ['Session: 1', 'Range: npt=0-']);
      this.#play();
    } else if (method === 'TEARDOWN') {
      reply('200 OK', ['Session: 1']);
      this.#stop();
    } else reply('501 Not Implemented');
  }

  async #setup(transport: string, reply: (status: string, lines: readonly string[]) => void): Promise<void> {
    const ports = /client_port=(\d+)-(\d+)/.exec(transport);
    if (!ports) {
      this.#send = (packet) => {
        const frame = Buffer.from([0x24, 0, packet.length >> 8, packet.length & 255]);
        this.#socket.write(Buffer.concat([frame, packet]));
      };
      reply('200 OK', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1']);
      return;
    }
    const udp = createSocket('udp4');
    this.#udp = udp;
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    this.#send = (packet) => udp.send(packet, Number(ports[1]), '127.0.0.1');
    const { port } = udp.address();
    reply('200 OK', [
      `Transport: RTP/AVP;unicast;client_port=${ports[1]}-${ports[2]};server_port=${port}-${port + 1}`,
      'Session: 1',
    ]);
  }

  #play(): void {
    this.#server.played();
    clearInterval(this.#timer);
    const { frameMs } = this.#server;
    const send = () => {
      if (this.#server.stalled || this.#socket.destroyed) return;
      this.#server.onSend?.();
      const { pictures } = this.#server;
      const picture = pictures[this.#next++ % pictures.length]!;
      for (const packet of rtpPackets(picture, this.#rtp)) {
        if (!this.#server.loses?.(this.#packets++)) this.#send?.(packet);
      }
      this.#rtp.timestamp = (this.#rtp.timestamp + Math.round(90 * frameMs)) >>> 0;
    };
    this.#timer = setInterval(send, frameMs);
    send();
  }
}

function authorised(login: RtspLogin, method: string, header: string): boolean {
  const { user, password } = login;
  if (login.method === 'basic') {
    return header === `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  }
  const field = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1] ?? '';
  const secret = md5(`${user}:${REALM}:${password}`);
  return (
    header.startsWith('Digest ') && field('response') === md5(`${secret}:${NONCE}:${md5(`${method}:${field('uri')}`)}`)
  );
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

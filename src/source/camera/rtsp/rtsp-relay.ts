import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { CameraAddress } from '../../../domain/camera-address.js';
import { type AddressGuard, type Connected, connectGuarded, NOT_ALLOWED } from '../guarded-connect.js';
import type { Mediator } from '../mediator.js';
import { isOfAnotherUser } from '../peer-user.js';
import { type RelayStep, RtspMediation } from './rtsp-mediation.js';
import { RtspReader } from './rtsp-reader.js';

export interface RelayOptions {
  readonly camera: CameraAddress;
  readonly guard: AddressGuard;
  /** Longest wait for a connection to the camera, and to where it redirects. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/**
 * An RTSP relay on loopback for one player of this user. The connection to the camera is made first, so that waiting for a camera that
 * is off costs no ffmpeg. Resolves to why there is none; rejects with the system's error when it cannot listen.
 */
export async function openRtspRelay(options: RelayOptions): Promise<Mediator | Extract<Connected, { ok: false }>> {
  const { camera, guard, connectMs, signal } = options;
  const first = await connectGuarded({ camera, guard, timeoutMs: connectMs, signal });
  if (!first.ok) return first;
  const server = createServer({ noDelay: true });
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    first.socket.destroy();
    throw error;
  }
  return new RtspRelay(options, first.socket, server);
}

class RtspRelay implements Mediator {
  readonly environment = {};
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #mediation: RtspMediation;
  #camera: Socket;
  #player: Socket | undefined;
  #problem: Mediator['problem'] = null;
  #moving = false;
  #over = false;

  constructor(options: RelayOptions, camera: Socket, server: Server) {
    this.#options = options;
    this.#server = server;
    this.#mediation = new RtspMediation(`rtsp://127.0.0.1:${(server.address() as AddressInfo).port}`, options.camera);
    this.#camera = camera;
    camera.once('close', () => this.#lost(camera));
    server.on('connection', (player) => void this.#meet(player));
  }

  get url(): string {
    return this.#mediation.url;
  }

  get problem(): Mediator['problem'] {
    return this.#problem;
  }

  close(): void {
    this.#over = true;
    this.#server.close();
    this.#camera.destroy();
    this.#player?.destroy();
  }

  /** The address can be read in the list of processes: another user of the machine might come first. */
  async #meet(player: Socket): Promise<void> {
    player.on('error', () => player.destroy());
    if ((await isOfAnotherUser(player)) || this.#player || this.#over) return void player.destroy();
    this.#server.close();
    this.#player = player;
    const reader = new RtspReader();
    player.on('data', (chunk) => {
      for (const part of reader.push(chunk)) {
        if (part.kind === 'media') this.#write(this.#camera, player, part.bytes);
        else for (const step of this.#mediation.fromPlayer(part.message)) this.#do(step);
      }
    });
    player.once('close', () => this.close());
    if (this.#camera.destroyed) player.end();
    else this.#listen(this.#camera);
  }

  #listen(camera: Socket): void {
    const player = this.#player!;
    const reader = new RtspReader();
    camera.setNoDelay(true);
    camera.on('data', (chunk) => {
      for (const part of reader.push(chunk)) {
        if (camera !== this.#camera) return; // It sent us elsewhere.
        if (part.kind === 'media') this.#write(player, camera, part.bytes);
        else for (const step of this.#mediation.fromCamera(part.message, camera.remoteAddress ?? '')) this.#do(step);
      }
    });
  }

  /** The end of the camera's connection is the end of the stream, once the player has what was sent. */
  #lost(camera: Socket): void {
    if (camera === this.#camera && !this.#moving) this.#player?.end();
  }

  #do(step: RelayStep): void {
    if (step.kind === 'to-camera') this.#camera.write(step.bytes);
    else if (step.kind === 'to-player') this.#player?.write(step.bytes);
    else if (step.kind === 'move') void this.#move(step.camera, step.bytes);
    else {
      this.#problem = step;
      this.close();
    }
  }

  /** While the receiver is full the sender is not read, so that it waits as it would without us. */
  #write(to: Socket, from: Socket, bytes: Uint8Array): void {
    if (to.destroyed || to.write(bytes) || from.isPaused()) return;
    from.pause();
    const resume = () => {
      to.off('drain', resume);
      to.off('close', resume);
      from.resume();
    };
    to.once('drain', resume);
    to.once('close', resume);
  }

  async #move(camera: CameraAddress, bytes: Uint8Array): Promise<void> {
    this.#moving = true;
    this.#camera.destroy();
    const { guard, connectMs, signal } = this.#options;
    const next = await connectGuarded({ camera, guard, timeoutMs: connectMs, signal });
    this.#moving = false;
    if (!next.ok) {
      const problem =
        next.problem === NOT_ALLOWED
          ? 'leads to an address that is not allowed'
          : `redirects to ${camera.host}: ${next.problem}`;
      this.#problem = { reason: next.reason, problem };
      this.close();
      return;
    }
    if (this.#over) return void next.socket.destroy();
    this.#camera = next.socket;
    next.socket.once('close', () => this.#lost(next.socket));
    this.#listen(next.socket);
    next.socket.write(bytes);
  }
}

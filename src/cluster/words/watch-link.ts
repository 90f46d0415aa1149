import type { NatsConnection, QueuedIterator, Status } from '@nats-io/transport-node';

/** A connection to the bus as its user sees it. */
export interface WatchedLink {
  /** False from a break until it is whole again: what is sent meanwhile is lost without a word. */
  readonly up: boolean;
  close(): void;
}

/** Follows a connection that mends itself, and tells of every break and every mending; the connection is its owner's. */
export function watchLink(connection: NatsConnection, tell: (up: boolean) => void): WatchedLink {
  let up = !connection.isClosed();
  let watching = true;
  const turn = (now: boolean): void => {
    if (!watching || now === up) return;
    up = now;
    tell(up);
  };
  // Its declared type leaves out that it can be stopped.
  const statuses = connection.status() as QueuedIterator<Status>;
  void (async () => {
    for await (const { type } of statuses) {
      if (type === 'disconnect' || type === 'close') turn(false);
      if (type === 'reconnect') turn(true);
    }
  })();
  return {
    get up() {
      return up;
    },
    close: () => {
      watching = false;
      statuses.stop();
    },
  };
}

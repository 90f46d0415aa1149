import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/**
 * Whether a connection over 127.0.0.1 comes from another user of this machine, by the kernel's table (Linux). False where
 * there is no such table, or it does not name the connection.
 */
export async function isOfAnotherUser(socket: Socket): Promise<boolean> {
  const own = process.getuid?.();
  const { remotePort, localPort } = socket;
  if (own === undefined || remotePort === undefined || localPort === undefined) return false;
  const table = await readFile('/proc/net/tcp', 'utf8').catch(() => '');
  const uid = userIn(table, { from: remotePort, to: localPort });
  return uid !== null && uid !== own;
}

/** Pure: the user who owns the side at port `from` of a connection on 127.0.0.1; null when the table has none. */
export function userIn(table: string, ports: { readonly from: number; readonly to: number }): number | null {
  const hex = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const line of table.split('\n')) {
    const [, local, remote, , , , , uid] = line.trim().split(/\s+/);
    if (local === hex(ports.from) && remote === hex(ports.to)) return Number(uid);
  }
  return null;
}

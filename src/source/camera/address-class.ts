// BlockList and isIP only compute; nothing here touches the network.
import { BlockList, isIP } from 'node:net';

/**
 * never: addresses no camera has, or that hand out secrets of a cloud machine (metadata services). private: of this
 * machine or a local network. public: all others.
 */
export type AddressClass = 'never' | 'private' | 'public';

type Range = readonly [base: string, prefix: number];

/** IANA special-purpose registries (RFC 6890), and the metadata addresses of clouds outside of link-local. */
const NEVER: readonly Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['192.0.0.0', 24],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
  ['fd00:ec2::254', 128],
  ['fd20:ce::254', 128],
];
const PRIVATE: readonly Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['::1', 128],
  ['fc00::', 7],
];
/** IPv6 ranges that carry an IPv4 address in the 32 bits from `at`: compatible, NAT64, 6to4. */
const EMBEDDING = [
  { range: listOf([['::', 96]]), at: 96 },
  { range: listOf([['64:ff9b::', 96]]), at: 96 },
  { range: listOf([['2002::', 16]]), at: 16 },
] as const;

const never = listOf(NEVER);
const privates = listOf(PRIVATE);

function listOf(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [base, prefix] of ranges) list.addSubnet(base, prefix, base.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}

/** Pure: the class of an IP address in canonical form (a zone like %eth0 may follow); null when it is none. */
export function classifyIp(address: string): AddressClass | null {
  const ip = address.replace(/%.*$/, '').replace(/^\[|\]$/g, '');
  const version = isIP(ip);
  if (version === 0) return null;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (never.check(ip, family)) return 'never';
  if (privates.check(ip, family)) return 'private';
  if (version === 4) return 'public';
  const carrier = EMBEDDING.find(({ range }) => range.check(ip, 'ipv6'));
  return carrier ? classifyIp(embedded(ip, carrier.at)) : 'public';
}

function embedded(ip: string, at: number): string {
  // The URL parser writes "::a.b.c.d" in groups of 16 bits.
  const short = new URL(`http://[${ip}]/`).hostname.slice(1, -1);
  const [head = '', tail = ''] = short.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right].map((g) =>
    Number.parseInt(g, 16),
  );
  const [high, low] = [groups[at / 16]!, groups[at / 16 + 1]!];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

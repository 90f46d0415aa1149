import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CameraLogin } from '../../../../src/source/camera/camera-login.js';
import { authorization, type Challenge, strongestChallenge } from '../../../../src/source/camera/http-auth.js';

// The example of RFC 7616, 3.9.1.
const MUFASA = { user: 'Mufasa', password: 'Circle of Life' };
const ASKED = {
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const RFC7616 = (algorithm: string) =>
  `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
const responseOf = (header: string) => /response="([0-9a-f]+)"/.exec(header)?.[1];

describe('answers', () => {
  test.each([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('RFC 7616, %s', (algorithm, response) => {
    const header = authorization(strongestChallenge([RFC7616(algorithm)])!, MUFASA, ASKED);
    expect(responseOf(header)).toBe(response);
    expect(header).toContain(`algorithm=${algorithm}, opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`);
    expect(header).toContain(`qop=auth, nc=00000001, cnonce="${ASKED.cnonce}"`);
  });

  test('RFC 2069: no qop, no algorithm, as most cameras ask', () => {
    const challenge = strongestChallenge(['Digest realm="IP Camera(1)", nonce="ab12"'])!;
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const header = authorization(
      challenge,
      { user: 'a"b', password: 'p' },
      { ...ASKED, method: 'SETUP', uri: 'rtsp://c/1' },
    );
    expect(header).toBe(
      `Digest username="a\\"b", realm="IP Camera(1)", nonce="ab12", uri="rtsp://c/1", response="${md5(`${md5('a"b:IP Camera(1):p')}:ab12:${md5('SETUP:rtsp://c/1')}`)}"`,
    );
  });

  test('session keys, and bytes that are no UTF-8', () => {
    const challenge = strongestChallenge(['Digest realm="r", nonce="n", algorithm=MD5-sess, qop=auth'])!;
    const md5 = (text: string) => createHash('md5').update(text, 'latin1').digest('hex');
    const key = md5(`${md5('u:r:\u00e9')}:n:${ASKED.cnonce}`);
    const response = md5(`${key}:n:0000000a:${ASKED.cnonce}:auth:${md5('GET:/dir/index.html')}`);
    const header = authorization(challenge, { user: 'u', password: '\u00e9' }, { ...ASKED, count: 10 });
    expect(responseOf(header)).toBe(response);
    expect(authorization({ scheme: 'basic' }, { user: 'u', password: '\u00e9' }, ASKED)).toBe('Basic dTrp');
  });
});

describe('challenges', () => {
  const digest: Partial<Challenge> = { scheme: 'digest', realm: 'r', nonce: 'n' };
  test.each([
    [['Basic realm="x"'], { scheme: 'basic' }],
    [['Basic realm="x"', 'Digest realm="r", nonce="n"'], digest],
    [['Basic realm="a, Digest b", Digest realm="r",nonce="n"'], digest],
    [['Digest realm="r", nonce="m", algorithm=MD5', 'Digest realm="r", nonce="n", algorithm=SHA-256'], digest],
    [['Digest realm="r", nonce="n", algorithm=SHA-512-256'], digest],
    [['digest REALM=r, Nonce=n, stale=TRUE'], { ...digest, stale: true }],
    [['Negotiate', 'Basic'], { scheme: 'basic' }],
    [['Digest realm="r", nonce="n", algorithm=ROT13', 'Basic realm="x"'], { scheme: 'basic' }],
  ] as const)('%j', (headers, expected) => expect(strongestChallenge(headers)).toMatchObject(expected));

  test.each([[[]], [['Negotiate']], [['Digest realm="r"']], [['Digest realm="r", nonce="n", qop="auth-int"']]])(
    'none that can be answered: %j',
    (headers) => expect(strongestChallenge(headers)).toBeNull(),
  );
});

describe('a login in use', () => {
  const login = { user: 'u', password: 'p' };
  const nonce = (value: string, more = '') => [`Digest realm="r", nonce="${value}", qop="auth"${more}`];

  test('says nothing before it is asked, then counts', () => {
    const used = new CameraLogin(login);
    expect(used.header('GET', '/')).toBeNull();
    expect(used.challenged(nonce('1'), false)).toBe(true);
    expect(used.header('GET', '/')).toContain('nc=00000001');
    expect(used.header('GET', '/')).toContain('nc=00000002');
  });

  test('a refused login is not sent again; an old nonce is replaced', () => {
    const used = new CameraLogin(login);
    used.challenged(nonce('1'), false);
    expect(used.challenged(nonce('2'), true)).toBe(false);
    expect(used.challenged(nonce('3', ', stale=true'), true)).toBe(true);
    expect(used.header('GET', '/')).toContain('nonce="3"');
    used.accepted();
    expect(used.challenged(nonce('4'), true)).toBe(true);
    expect(used.challenged(nonce('5'), true)).toBe(false);
    expect(used.challenged(nonce('5', ', stale=true'), true)).toBe(false);
    expect(used.challenged(['Basic realm="r"'], true)).toBe(false);
  });

  test('without a login, and where nothing can be answered', () => {
    expect(new CameraLogin(null).challenged(nonce('1'), false)).toBe(false);
    expect(new CameraLogin(login).challenged(['Negotiate'], false)).toBe(false);
  });
});

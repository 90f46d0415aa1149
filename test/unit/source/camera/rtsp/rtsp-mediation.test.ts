import { describe, expect, test } from 'vitest';
import { type CameraAddress, parseCameraAddress } from '../../../../../src/domain/camera-address.js';
import { type RelayStep, RtspMediation } from '../../../../../src/source/camera/rtsp/rtsp-mediation.js';
import { RtspReader } from '../../../../../src/source/camera/rtsp/rtsp-reader.js';

const OWN = 'rtsp://127.0.0.1:1234';
const IP = '192.0.2.7';

function message(text: string) {
  const [head, body = ''] = text.split('\n\n');
  const lines = head!.split('\n').concat(body === '' ? [] : [`Content-Length: ${body.length}`]);
  const part = new RtspReader().push(Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'))[0];
  if (part?.kind !== 'message') throw new Error(`no message: ${text}`);
  return part.message;
}

const said = (step: RelayStep | undefined): string =>
  step && 'bytes' in step ? `${step.kind}: ${Buffer.from(step.bytes).toString('latin1').replaceAll('\r', '')}` : '';

/** A conversation with a camera. */
function talk(url = 'rtsp://op:hunter2@cam:8554/live?channel=1') {
  const mediation = new RtspMediation(OWN, parseCameraAddress(url, 'rtsp') as CameraAddress);
  const ask = (method: string, path = '/camera', more = '') =>
    mediation.fromPlayer(message(`${method} ${OWN}${path} RTSP/1.0\nCSeq: 7\nUser-Agent: Lavf${more}`));
  const answer = (text: string) => mediation.fromCamera(message(text), IP);
  const describe200 = (sdp: string, more = '') => {
    const cseq = /CSeq: (\d+)/.exec(said(ask('DESCRIBE')[0]))![1];
    return said(answer(`RTSP/1.0 200 OK\nCSeq: ${cseq}${more}\n\n${sdp}`)[0]);
  };
  return { mediation, ask, answer, describe200 };
}

describe('the player knows no address of the camera, the camera none of ours', () => {
  test('requests and answers', () => {
    const { mediation, ask, answer } = talk();
    expect(mediation.url).toBe(`${OWN}/camera`);
    expect(said(ask('OPTIONS')[0])).toBe(
      'to-camera: OPTIONS rtsp://cam:8554/live?channel=1 RTSP/1.0\nCSeq: 1\nUser-Agent: Lavf\n\n',
    );
    const reply = answer(
      'RTSP/1.0 200 OK\nCSeq: 1\nPublic: DESCRIBE\nServer: WMServer/9\nContent-Base: rtsp://cam/\nLocation: rtsp://cam/\nSet-Cookie: x',
    );
    expect(said(reply[0])).toBe('to-player: RTSP/1.0 200 OK\nCSeq: 7\nPublic: DESCRIBE\n\n');
  });

  test.each(['rtsp://169.254.169.254/', 'rtsp://cam:8554/live', `${OWN}/track/0`, `${OWN}/camera/../x`, '*'])(
    'a request for anything else goes nowhere: %s',
    (uri) => {
      const { mediation } = talk();
      const [step] = mediation.fromPlayer(message(`SETUP ${uri} RTSP/1.0\nCSeq: 3`));
      expect(said(step)).toBe('to-player: RTSP/1.0 404 Not Found\nCSeq: 3\n\n');
    },
  );

  test.each([
    [
      'relative, with a base',
      'm=video 0\na=control:trackID=1',
      '\nContent-Base: rtsp://cam/live/',
      'rtsp://cam/live/trackID=1',
    ],
    ['relative, without', 'm=video 0\na=control:trackID=1', '', 'rtsp://cam:8554/live?channel=1/trackID=1'],
    ['absolute, to another host', 'm=video 0\na=control:rtsp://10.0.0.9/t?x=1', '', 'rtsp://10.0.0.9/t?x=1'],
    ['the session has one of its own', 'a=control:rtsp://cam/s\nm=video 0\na=control:t', '', 'rtsp://cam/s/t'],
    ['the whole session', 'a=control:*\nm=video 0\na=control:*', '\nContent-Base: rtsp://cam/s/', 'rtsp://cam/s/'],
    [
      'a base that is no RTSP',
      'm=video 0\na=control:t',
      '\nContent-Base: http://x/',
      'rtsp://cam:8554/live?channel=1/t',
    ],
  ])('tracks of the description: %s', (_, sdp, base, track) => {
    const { ask, describe200 } = talk();
    const told = describe200(sdp, base);
    expect(told).not.toMatch(/\/\/cam|10\.0\.0\.9|trackID/);
    expect(told).toContain(`a=control:${OWN}/track/0`);
    expect(said(ask('SETUP', '/track/0')[0])).toContain(`SETUP ${track} RTSP/1.0`);
  });

  test('RTP-Info names our tracks; those that are not ours are left out', () => {
    const { ask, answer, describe200 } = talk();
    describe200('m=video 0\na=control:v\nm=audio 0\na=control:a', '\nContent-Base: rtsp://cam/live/');
    ask('PLAY');
    const info = 'url=rtsp://cam/live/v;seq=5;rtptime=9,url=rtsp://x/;seq=1, url=a;seq=6';
    expect(said(answer(`RTSP/1.0 200 OK\nCSeq: 2\nRTP-Info: ${info}`)[0])).toContain(
      `RTP-Info: url=${OWN}/track/0;seq=5;rtptime=9,url=${OWN}/track/1;seq=6\n`,
    );
  });

  test.each([
    [
      'RTP/AVP;unicast;client_port=5000-5001;source=169.254.169.254;server_port=6000-6001;destination=10.0.0.1',
      `RTP/AVP;unicast;client_port=5000-5001;server_port=6000-6001;source=${IP}`,
    ],
    ['RTP/AVP;unicast;server_port=6000', `RTP/AVP;unicast;server_port=6000;source=${IP}`],
    ['RTP/AVP/TCP;unicast;Source=10.0.0.1;interleaved=0-1', 'RTP/AVP/TCP;unicast;interleaved=0-1'],
  ])('reports over UDP go to the camera alone: %s', (transport, expected) => {
    const { ask, answer } = talk();
    ask('SETUP');
    expect(said(answer(`RTSP/1.0 200 OK\nCSeq: 1\nTransport: ${transport}`)[0])).toContain(`Transport: ${expected}\n`);
  });

  test('what the camera asks is answered here; answers nobody waits for are dropped', () => {
    const { answer } = talk();
    expect(said(answer('OPTIONS rtsp://x RTSP/1.0\nCSeq: 4\nSession: s')[0])).toBe(
      'to-camera: RTSP/1.0 200 OK\nCSeq: 4\nSession: s\n\n',
    );
    expect(said(answer('REDIRECT rtsp://x RTSP/1.0\nCSeq: 5\nLocation: rtsp://169.254.169.254')[0])).toBe(
      'to-camera: RTSP/1.0 501 Not Implemented\nCSeq: 5\n\n',
    );
    expect(answer('RTSP/1.0 302 Found\nCSeq: 9\nLocation: rtsp://169.254.169.254')).toEqual([]);
  });
});

describe('the login', () => {
  test('is sent when asked for, with every request after, and never told to the player', () => {
    const { ask, answer } = talk();
    ask('DESCRIBE');
    const again = answer('RTSP/1.0 401 Unauthorized\nCSeq: 1\nWWW-Authenticate: Basic realm="r"');
    expect(said(again[0])).toContain('CSeq: 2\nUser-Agent: Lavf\nAuthorization: Basic b3A6aHVudGVyMg==\n');
    expect(said(answer('RTSP/1.0 200 OK\nCSeq: 2\n\nv=0')[0])).toMatch(/^to-player: RTSP\/1.0 200 OK\nCSeq: 7\n/);
    expect(said(ask('PLAY', '/camera', '\nAuthorization: Basic x')[0])).toMatch(
      /CSeq: 3\n[\s\S]*Authorization: Basic b3A6/,
    );
  });

  test('refused: the player hears 401 and nothing of the challenge', () => {
    const { ask, answer } = talk();
    ask('DESCRIBE');
    answer('RTSP/1.0 401 Unauthorized\nCSeq: 1\nWWW-Authenticate: Digest realm="r", nonce="1"');
    const end = answer('RTSP/1.0 401 Unauthorized\nCSeq: 2\nWWW-Authenticate: Digest realm="r", nonce="2"');
    expect(said(end[0])).toBe('to-player: RTSP/1.0 401 Unauthorized\nCSeq: 7\n\n');
  });
});

describe('redirects', () => {
  const moved = (location: string, cseq = 1) => `RTSP/1.0 302 Found\nCSeq: ${cseq}\nLocation: ${location}`;

  test.each(['OPTIONS', 'DESCRIBE'])('%s: asked again elsewhere, without the login of the first', (method) => {
    const { ask, answer } = talk();
    ask(method);
    answer('RTSP/1.0 401 Unauthorized\nCSeq: 1\nWWW-Authenticate: Basic realm="r"');
    const [step] = answer(moved('rtsp://other/x', 2));
    expect(step).toMatchObject({ kind: 'move', camera: { host: 'other', port: 554, login: null } });
    expect(said(step)).toBe(`move: ${method} rtsp://other:554/x RTSP/1.0\nCSeq: 3\nUser-Agent: Lavf\n\n`);
    const refused = answer('RTSP/1.0 401 Unauthorized\nCSeq: 3\nWWW-Authenticate: Basic realm="r"');
    expect(said(refused[0])).toBe('to-player: RTSP/1.0 401 Unauthorized\nCSeq: 7\n\n');
  });

  test('within a server the login goes along; a login of the new address is for that one', () => {
    const { ask, answer } = talk();
    ask('DESCRIBE');
    answer(moved('rtsp://cam:8554/other'));
    const again = answer('RTSP/1.0 401 Unauthorized\nCSeq: 2\nWWW-Authenticate: Basic realm="r"');
    expect(said(again[0])).toContain('Authorization: Basic b3A6aHVudGVyMg==');
    answer(moved('rtsp://u:p@elsewhere/', 3));
    const third = answer('RTSP/1.0 401 Unauthorized\nCSeq: 4\nWWW-Authenticate: Basic realm="r"');
    expect(said(third[0])).toContain('Authorization: Basic dTpw');
  });

  test('not for ever', () => {
    const { ask, answer } = talk();
    ask('DESCRIBE');
    const steps = [1, 2, 3, 4, 5, 6].map((cseq) => answer(moved(`rtsp://cam/${cseq}`, cseq))[0]);
    expect(steps.slice(0, 5).map((step) => step?.kind)).toEqual(Array(5).fill('move'));
    expect(steps[5]).toMatchObject({ kind: 'end', reason: 'unusable', problem: expect.stringContaining('5 times') });
  });

  test.each(['SETUP', 'PLAY', 'GET_PARAMETER'])('%s: says where to, and goes nowhere', (method) => {
    const { ask, answer } = talk();
    ask(method);
    expect(answer(moved('rtsp://u:hunter2@169.254.169.254:99/x?key=hunter2'))).toEqual([
      {
        kind: 'end',
        reason: 'unusable',
        problem: 'redirects to rtsp://169.254.169.254:99 in the middle of a session; use that address instead',
      },
    ]);
  });

  test.each(['http://other/x', '/live', '', 'rtsp://a b/'])('to what is no RTSP address: %j', (location) => {
    const { ask, answer } = talk();
    ask('DESCRIBE');
    expect(answer(moved(location))[0]).toMatchObject({ kind: 'end', reason: 'unusable' });
  });
});

import { SUBPROTOCOL } from './constants.js';
import { MQTT_SCHEMAS, mqttParts } from './mqtt-channels.js';
import { type BINARY_HEADERS, CLIENT_MESSAGES, PROTOCOL_SCHEMAS, SERVER_MESSAGES } from './protocol-schemas.js';
import { documentText, schemaSet } from './schema-set.js';

const schemaRef = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const channelMessage = (name: string) => ({ $ref: `#/channels/ws/messages/${name}` });

function textMessage(name: string) {
  const summary = PROTOCOL_SCHEMAS[name]!.description ?? name;
  return { name, title: name, summary, contentType: 'application/json', payload: schemaRef(name) };
}

function binaryMessage(name: keyof typeof BINARY_HEADERS) {
  return {
    name,
    title: name,
    summary: `binary: ${name === 'push' ? 'a picture for a camera of type push' : 'a picture of a camera'}`,
    description: 'uint32 big-endian length of the header, the header as JSON in UTF-8, then the JPEG.',
    contentType: 'application/octet-stream',
    payload: schemaRef(`${name}Header`),
  };
}

/** docs/asyncapi.json: the WebSocket protocol, and what is published over MQTT, as an AsyncAPI 3.1 document, seen from mien. */
export function asyncapiText(): string {
  const fromClient = [...Object.keys(CLIENT_MESSAGES), 'push'];
  const fromServer = [...Object.keys(SERVER_MESSAGES), 'preview'];
  const texts = [...Object.keys(CLIENT_MESSAGES), ...Object.keys(SERVER_MESSAGES)];
  const mqtt = mqttParts('broker', schemaRef);
  const messages = {
    ...Object.fromEntries(texts.map((name) => [name, textMessage(name)])),
    push: binaryMessage('push'),
    preview: binaryMessage('preview'),
  };
  return documentText({
    asyncapi: '3.1.0',
    info: {
      title: 'mien WebSocket and MQTT',
      version: '1.0.0',
      description:
        'Faces, episodes, states and pictures of cameras as they happen. docs/protocol.md and docs/mqtt.md explain it.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: {
        host: '127.0.0.1:7420',
        pathname: '/ws',
        protocol: 'ws',
        description: 'the address of mien serve',
        security: [{ $ref: '#/components/securitySchemes/bearer' }],
      },
      broker: { host: '127.0.0.1:1883', protocol: 'mqtt', description: 'mqtt.url of the configuration' },
    },
    channels: {
      ws: {
        address: '/ws',
        servers: [{ $ref: '#/servers/local' }],
        description: `Subprotocol ${SUBPROTOCOL}. The first message of a client is hello.`,
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
      },
      ...mqtt.channels,
    },
    operations: {
      fromClient: {
        action: 'receive',
        channel: { $ref: '#/channels/ws' },
        summary: 'messages of clients',
        messages: fromClient.map(channelMessage),
      },
      fromServer: {
        action: 'send',
        channel: { $ref: '#/channels/ws' },
        summary: 'messages of the server',
        messages: fromServer.map(channelMessage),
      },
      ...mqtt.operations,
    },
    components: {
      messages: { ...messages, ...mqtt.messages },
      schemas: schemaSet({ ...PROTOCOL_SCHEMAS, ...MQTT_SCHEMAS }, (name) => `#/components/schemas/${name}`),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'Or as subprotocol mien.token.<base64url of the token>, or in hello. None on loopback without tokens.',
        },
      },
    },
  });
}

import { CLIENT_MESSAGES, PROTOCOL_SCHEMAS, SERVER_MESSAGES } from './protocol-schemas.js';
import { documentText, schemaSet } from './schema-set.js';

const at = (name: string): string => `#/$defs/${name}`;
const oneOf = (names: object) => ({ oneOf: Object.keys(names).map((name) => ({ $ref: at(name) })) });

/** docs/protocol.schema.json: JSON Schema of every text message; `$defs` has clientMessage and serverMessage. */
export function protocolSchemaText(): string {
  return documentText({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mien WebSocket protocol, version 1',
    description: 'Any text message. Client messages are under clientMessage, those of the server under serverMessage.',
    anyOf: [{ $ref: at('clientMessage') }, { $ref: at('serverMessage') }],
    $defs: {
      clientMessage: oneOf(CLIENT_MESSAGES),
      serverMessage: oneOf(SERVER_MESSAGES),
      ...schemaSet(PROTOCOL_SCHEMAS, at),
    },
  });
}

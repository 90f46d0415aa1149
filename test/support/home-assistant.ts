import { Ajv } from 'ajv';

// Written from the documentation of Home Assistant's MQTT integration (sensor, binary sensor, discovery): the keys that
// each takes, none beside them, and what it refuses of their combinations.
const topic = { type: 'string', pattern: '^[^+#\\u0000]{1,65535}$' };
const template = { type: 'string', pattern: '^\\{\\{ .+ \\}\\}$' };
const text = { type: 'string', minLength: 1 };

const availability = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    required: ['topic'],
    additionalProperties: false,
    properties: { topic, payload_available: text, payload_not_available: text, value_template: template },
  },
};
const device = {
  type: 'object',
  required: ['identifiers'],
  additionalProperties: false,
  properties: {
    identifiers: { type: 'array', minItems: 1, items: text },
    connections: { type: 'array' },
    configuration_url: text,
    hw_version: text,
    manufacturer: text,
    model: text,
    model_id: text,
    name: text,
    serial_number: text,
    suggested_area: text,
    sw_version: text,
    via_device: text,
  },
};
const common = {
  availability,
  availability_mode: { enum: ['all', 'any', 'latest'] },
  default_entity_id: { type: 'string', pattern: '^(sensor|binary_sensor)\\.[a-z0-9]+(_[a-z0-9]+)*$' },
  device,
  enabled_by_default: { type: 'boolean' },
  encoding: text,
  entity_category: { enum: ['diagnostic', 'config'] },
  expire_after: { type: 'integer', minimum: 1 },
  force_update: { type: 'boolean' },
  icon: { type: 'string', pattern: '^mdi:[a-z0-9-]+$' },
  json_attributes_template: template,
  json_attributes_topic: topic,
  name: text,
  origin: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { name: text, sw_version: text, support_url: text },
  },
  qos: { enum: [0, 1, 2] },
  state_topic: topic,
  unique_id: text,
  value_template: template,
};
/** A device needs a unique id to be shown; discovery of one component needs its topic. */
const required = ['state_topic', 'unique_id', 'device', 'origin'];

const sensor = {
  type: 'object',
  required,
  additionalProperties: false,
  properties: {
    ...common,
    device_class: { enum: ['enum', 'temperature', 'humidity', 'timestamp'] },
    options: { type: 'array', minItems: 1, items: text, uniqueItems: true },
    state_class: { enum: ['measurement', 'total', 'total_increasing'] },
    suggested_display_precision: { type: 'integer', minimum: 0 },
    unit_of_measurement: text,
  },
  // Options are for enumerations, which are not measured.
  if: { required: ['options'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: {
    required: ['device_class'],
    properties: { device_class: { const: 'enum' }, state_class: false, unit_of_measurement: false },
  },
};
const binarySensor = {
  type: 'object',
  required,
  additionalProperties: false,
  properties: {
    ...common,
    device_class: { enum: ['connectivity', 'motion', 'occupancy', 'presence', 'problem', 'running'] },
    off_delay: { type: 'integer', minimum: 1 },
    payload_off: text,
    payload_on: text,
  },
};

const ajv = new Ajv({ allErrors: true, strict: false });
const SCHEMAS: Readonly<Record<string, ReturnType<typeof ajv.compile>>> = {
  sensor: ajv.compile(sensor),
  binary_sensor: ajv.compile(binarySensor),
};
/** `<prefix>/<component>/<node>/<object>/config`, as Home Assistant takes it apart. */
const DISCOVERY_TOPIC = /^[\w/-]+?\/(sensor|binary_sensor)\/([a-zA-Z0-9_-]+)\/([a-zA-Z0-9_-]+)\/config$/;

/** What Home Assistant would not take of a discovery message; empty when it takes all. */
export function discoveryProblems(topicName: string, payload: string): string[] {
  const [, component] = DISCOVERY_TOPIC.exec(topicName) ?? [];
  if (component === undefined) return [`${topicName} is no discovery topic`];
  const config = JSON.parse(payload) as { default_entity_id?: string };
  const validate = SCHEMAS[component]!;
  validate(config);
  const problems = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const domain = config.default_entity_id?.split('.')[0];
  return domain === undefined || domain === component ? problems : [...problems, `default_entity_id is of a ${domain}`];
}

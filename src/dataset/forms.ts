import type { Exchange } from './exchanges.js';

/** What reads the files: LLaVA's scripts, LLaMA-Factory, ms-swift, TRL. */
export const FORMS = ['llava', 'llamafactory', 'swift', 'trl'] as const;
/** One of `FORMS`. */
export type FormName = (typeof FORMS)[number];

/** How one framework wants its data. */
export interface Form {
  /** Ending of its files. */
  readonly ending: '.json' | '.jsonl';
  /** Whether it looks for pictures below a folder that it is told, rather than where a path leads. */
  readonly inFolder: boolean;
  /** @param image - path of the picture, as the framework is to open it */
  record(exchange: Exchange, image: string): object;
  /** A file that describes the others, by name; null: none is needed. */
  index(files: readonly NamedFile[]): { readonly name: string; readonly content: object } | null;
}

/** A file of exchanges and what it is called in the framework's configuration. */
export interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** Where the picture goes in the text of a question. */
const MARKER = '<image>';

const messages = ({ question, answer }: Exchange): object[] => [
  { role: 'user', content: `${MARKER}${question}` },
  { role: 'assistant', content: answer },
];

/** Each framework's form, as its documents describe it (docs/datasets.md says which). */
export const FORM: Readonly<Record<FormName, Form>> = {
  llava: {
    ending: '.json',
    inFolder: true,
    record: ({ id, question, answer, landmark }, image) => ({
      id,
      image,
      conversations: [
        { from: 'human', value: `${MARKER}\n${question}` },
        { from: 'gpt', value: answer },
      ],
      ...(landmark === null ? {} : { landmark }),
    }),
    index: () => null,
  },
  llamafactory: {
    ending: '.json',
    inFolder: false,
    record: (exchange, image) => ({ messages: messages(exchange), images: [image] }),
    index: (files) => ({
      name: 'dataset_info.json',
      content: Object.fromEntries(files.map(({ name, file }) => [name, { file_name: file, ...LLAMA_FACTORY }])),
    }),
  },
  swift: {
    ending: '.jsonl',
    inFolder: false,
    record: (exchange, image) => ({ messages: messages(exchange), images: [image], solution: exchange.solution }),
    index: () => null,
  },
  trl: {
    ending: '.jsonl',
    inFolder: false,
    // No marker: its trainers put the picture before the first question themselves.
    record: ({ question, answer, solution }, image) => ({
      prompt: [{ role: 'user', content: question }],
      completion: [{ role: 'assistant', content: answer }],
      images: [image],
      solution,
    }),
    index: () => null,
  },
};

const LLAMA_FACTORY = {
  formatting: 'sharegpt',
  columns: { messages: 'messages', images: 'images' },
  tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
};

import type { Purpose } from './responsible-use.js';

/** Facts a notice can name. */
export interface NoticeFacts {
  readonly purpose: Purpose;
  readonly emotions: boolean;
  readonly controller: string;
  readonly contact: string;
  readonly episodesMs: number;
  /** Pictures of faces go to a multimodal language model. */
  readonly languageModel: boolean;
  /** Rules send what they fire on to other programs. */
  readonly messages: boolean;
  /** What is stored on disk, days with today; null: nothing. */
  readonly kept: { readonly days: number; readonly pictures: boolean; readonly facesHidden: boolean } | null;
}

export const NOTICE_LANGUAGES = ['en', 'de', 'fr', 'es'] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];
/** What `${...}` in a notice may name. */
export const NOTICE_FIELDS = ['controller', 'contact', 'purpose', 'what', 'retention'] as const;
type NoticeField = (typeof NOTICE_FIELDS)[number];

interface Wording {
  readonly template: string;
  readonly movements: string;
  readonly emotions: string;
  readonly nobody: string;
  readonly languageModel: string;
  readonly messages: string;
  /** Words of the template that are left out where pictures are stored. */
  readonly noPictures: string;
  readonly kept: string;
  readonly pictures: string;
  readonly hidden: string;
  readonly day: string;
  readonly days: string;
  readonly seconds: string;
  readonly minutes: string;
  readonly purposes: Readonly<Record<Purpose, string>>;
}

// The words the AI Act's article 50(3) asks for: that such a system runs, what it does, who answers for it.
const WORDINGS: Readonly<Record<NoticeLanguage, Wording>> = {
  en: {
    template:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the fields are filled in by renderNotice
      'Cameras here are analysed by software that estimates ${what}. Purpose: ${purpose}. It recognises nobody and stores no pictures; results are kept in memory for ${retention}. Responsible: ${controller}. Questions and objections: ${contact}.',
    movements: 'face movements',
    emotions: 'face movements and apparent emotions',
    nobody: 'the operator of this camera',
    languageModel: 'Pictures of faces are also given to a language model, which describes them.',
    messages: 'Some results are sent to other programs as messages without pictures.',
    noPictures: ' and stores no pictures',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by renderNotice
    kept: 'Results are also stored on disk for up to ${days}.',
    pictures: 'Pictures around some events are stored likewise.',
    hidden: 'Faces in them are made unrecognisable.',
    day: 'day',
    days: 'days',
    seconds: 'seconds',
    minutes: 'minutes',
    purposes: {
      research: 'research',
      medical: 'medical',
      safety: 'safety',
      accessibility: 'accessibility',
      art: 'art',
      interaction: 'interaction',
      personal: 'personal use',
      testing: 'testing',
      workplace: 'medical or safety reasons at work',
      education: 'medical or safety reasons in education',
    },
  },
  de: {
    template:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
      'Kamerabilder werden hier von einer Software ausgewertet, die ${what} schätzt. Zweck: ${purpose}. Sie erkennt niemanden wieder und speichert keine Bilder; Ergebnisse bleiben ${retention} im Arbeitsspeicher. Verantwortlich: ${controller}. Fragen und Widerspruch: ${contact}.',
    movements: 'Gesichtsbewegungen',
    emotions: 'Gesichtsbewegungen und scheinbare Gefühle',
    nobody: 'der Betreiber dieser Kamera',
    languageModel: 'Bilder von Gesichtern gehen außerdem an ein Sprachmodell, das sie beschreibt.',
    messages: 'Einzelne Ergebnisse gehen als Nachrichten ohne Bilder an andere Programme.',
    noPictures: ' und speichert keine Bilder',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by renderNotice
    kept: 'Ergebnisse werden außerdem bis zu ${days} auf der Festplatte gespeichert.',
    pictures: 'Ebenso lange werden Bilder einzelner Ereignisse gespeichert.',
    hidden: 'Gesichter darin sind unkenntlich.',
    day: 'Tag',
    days: 'Tage',
    seconds: 'Sekunden',
    minutes: 'Minuten',
    purposes: {
      research: 'Forschung',
      medical: 'Medizin',
      safety: 'Sicherheit',
      accessibility: 'Barrierefreiheit',
      art: 'Kunst',
      interaction: 'Interaktion',
      personal: 'persönlicher Gebrauch',
      testing: 'Test',
      workplace: 'medizinische oder Sicherheitsgründe am Arbeitsplatz',
      education: 'medizinische oder Sicherheitsgründe in der Bildung',
    },
  },
  fr: {
    template:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
      'Les images de caméra sont analysées ici par un logiciel qui estime ${what}. Finalité : ${purpose}. Il ne reconnaît personne et n’enregistre aucune image ; les résultats restent en mémoire pendant ${retention}. Responsable : ${controller}. Questions et opposition : ${contact}.',
    movements: 'les mouvements du visage',
    emotions: 'les mouvements du visage et les émotions apparentes',
    nobody: 'l’exploitant de cette caméra',
    languageModel: 'Des images de visages sont aussi transmises à un modèle de langage, qui les décrit.',
    messages: 'Certains résultats sont envoyés à d’autres programmes, par messages sans images.',
    noPictures: ' et n’enregistre aucune image',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by renderNotice
    kept: 'Les résultats sont aussi enregistrés sur disque, pendant ${days} au plus.',
    pictures: 'Des images de certains événements le sont également.',
    hidden: 'Les visages y sont rendus méconnaissables.',
    day: 'jour',
    days: 'jours',
    seconds: 'secondes',
    minutes: 'minutes',
    purposes: {
      research: 'recherche',
      medical: 'médicale',
      safety: 'sécurité',
      accessibility: 'accessibilité',
      art: 'art',
      interaction: 'interaction',
      personal: 'usage personnel',
      testing: 'essai',
      workplace: 'raisons médicales ou de sécurité au travail',
      education: 'raisons médicales ou de sécurité dans l’enseignement',
    },
  },
  es: {
    template:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
      'Un programa analiza aquí las imágenes de las cámaras y estima ${what}. Finalidad: ${purpose}. No reconoce a nadie ni guarda imágenes; los resultados permanecen en memoria ${retention}. Responsable: ${controller}. Preguntas y oposición: ${contact}.',
    movements: 'movimientos de la cara',
    emotions: 'movimientos de la cara y emociones aparentes',
    nobody: 'quien opera esta cámara',
    languageModel: 'Además, imágenes de caras se entregan a un modelo de lenguaje, que las describe.',
    messages: 'Algunos resultados se envían a otros programas en mensajes sin imágenes.',
    noPictures: ' ni guarda imágenes',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: filled in by renderNotice
    kept: 'Los resultados se guardan también en disco, hasta ${days}.',
    pictures: 'Se guardan asimismo imágenes de algunos sucesos.',
    hidden: 'Las caras se hacen irreconocibles en ellas.',
    day: 'día',
    days: 'días',
    seconds: 'segundos',
    minutes: 'minutos',
    purposes: {
      research: 'investigación',
      medical: 'médica',
      safety: 'seguridad',
      accessibility: 'accesibilidad',
      art: 'arte',
      interaction: 'interacción',
      personal: 'uso personal',
      testing: 'pruebas',
      workplace: 'motivos médicos o de seguridad en el trabajo',
      education: 'motivos médicos o de seguridad en la enseñanza',
    },
  },
};

/** The built-in template of a language. @param pictures - whether pictures are stored: it then does not deny that */
export function noticeTemplate(language: NoticeLanguage, pictures = false): string {
  const { template, noPictures } = WORDINGS[language];
  return pictures ? template.replace(noPictures, '') : template;
}

/** Names in `${...}` of a template that no fact fills. */
export function unknownNoticeFields(template: string): string[] {
  const names = [...template.matchAll(/\$\{([^}]*)\}/g)].map(([, name]) => name!);
  return names.filter((name) => !(NOTICE_FIELDS as readonly string[]).includes(name));
}

/** The notice for the persons in view: a template with its `${...}` filled in, and a sentence of its own where a language model sees faces, where rules send messages, and where something is stored. An empty controller reads as "the operator of this camera". */
export function renderNotice(template: string, language: NoticeLanguage, facts: NoticeFacts): string {
  const words = WORDINGS[language];
  const seconds = Math.round(facts.episodesMs / 1000);
  const fields: Record<NoticeField, string> = {
    controller: facts.controller || words.nobody,
    contact: facts.contact || facts.controller || words.nobody,
    purpose: words.purposes[facts.purpose],
    what: facts.emotions ? words.emotions : words.movements,
    retention:
      seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60} ${words.minutes}` : `${seconds} ${words.seconds}`,
  };
  const text = template.replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(fields, name) ? fields[name as NoticeField] : whole,
  );
  const { languageModel, messages, kept } = facts;
  return [text, languageModel && words.languageModel, messages && words.messages, ...keptSentences(words, kept)]
    .filter(Boolean)
    .join(' ');
}

function keptSentences(words: Wording, kept: NoticeFacts['kept']): string[] {
  if (!kept) return [];
  const days = `${kept.days} ${kept.days === 1 ? words.day : words.days}`;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a field of the sentence
  const stored = words.kept.replace('${days}', days);
  if (!kept.pictures) return [stored];
  return kept.facesHidden ? [stored, words.pictures, words.hidden] : [stored, words.pictures];
}

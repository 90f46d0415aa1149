import { fileURLToPath } from 'node:url';

/** Folder of the model that ships with mien. */
export const SHIPPED_MODEL = fileURLToPath(new URL('../../models/mien-affect', import.meta.url));

/** An id of a camera, as it stands in addresses, file names and metric labels. */
export const CAMERA_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** What an id is made of, for messages. */
export const CAMERA_ID_WORDS = '1 to 64 of a-z, 0-9, - and _, first a letter or digit';

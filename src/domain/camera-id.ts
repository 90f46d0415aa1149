/** An id of a camera, as it stands in addresses, file names and metric labels. */
export const CAMERA_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Longer side that frames are shrunk to before faces are looked for, where nobody says; pixels. */
export const DEFAULT_MAX_SIDE_PX = 1280;
/** Smallest face that is looked for, where nobody says; pixels of the shrunk frame. */
export const DEFAULT_MIN_FACE_PX = 24;

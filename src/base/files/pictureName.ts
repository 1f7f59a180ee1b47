/**
 * Names of pictures without their extension: lists name `.jpg` files, copies of a data set may hold `.webp` or
 * `.png`, and both mean the same picture.
 */
export const PICTURE_EXTENSION = /\.(?:jpe?g|png|webp)$/i;

/** `path` without a picture's extension. */
export const withoutExtension = (path: string) => path.replace(PICTURE_EXTENSION, "");

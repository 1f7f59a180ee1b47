/**
 * Names of pictures without their extension: lists name `.jpg` files, copies of a data set may hold `.webp` or
 * `.png`, and both mean the same picture. Endings of formats that cannot be read are among them: such a file is a
 * picture, too, and whoever lists pictures has to say that it was skipped.
 */
export const PICTURE_EXTENSION =
  /\.(?:jpe?g|jpe|jfif|png|webp|avif|tiff?|gif|bmp|p[bgnp]m|hei[cf]|jxl|jp2)$/i;

/** `path` without a picture's extension. */
export const withoutExtension = (path: string) => path.replace(PICTURE_EXTENSION, "");

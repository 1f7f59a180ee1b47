/** The grey of a coloured picture. */

/** ITU-R BT.601 luma of `rgb` [n, 3] into `grey` [n], rounded: the grey of JPEG and of most face data sets. */
export function toGrey(rgb: Uint8Array, grey: Uint8Array): void {
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 0.5 + 0.299 * rgb[3 * i] + 0.587 * rgb[3 * i + 1] + 0.114 * rgb[3 * i + 2];
  }
}

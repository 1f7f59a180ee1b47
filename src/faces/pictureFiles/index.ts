// src/faces/pictureFiles: picture files, also hostile ones, to pixels and back.
export {
  DECODE_DEFAULTS,
  type DecodeOptions,
  decodeImage,
  decodeTransparent,
  pictureSize,
  type TransparentImage,
} from "./decode.ts";
export { encodeDrawn, encodeJpeg, encodePng, pngUri, recompressJpeg } from "./encode.ts";

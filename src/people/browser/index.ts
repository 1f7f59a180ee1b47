// src/people/browser: a recognizer in a page: pictures by the browser, nets by ONNX Runtime's WebAssembly, nothing sent anywhere.
export type { YunetFile } from "./detector.ts";
export type { DownloadOptions } from "./download.ts";
export type { ModelBytes } from "./model.ts";
export { type PagePhoto, toImageData } from "./photo.ts";
export {
  type BrowserRecognizer,
  type BrowserRecognizerAbout,
  type BrowserRecognizerOptions,
  openBrowserRecognizer,
  type PageFace,
  type PageFaces,
} from "./recognizer.ts";

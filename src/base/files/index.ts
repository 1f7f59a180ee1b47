// src/base/files: files that are never half-written, safetensors files, and archives that are hostile until checked.
export { openFileTree } from "./archive.ts";
export { ARCHIVE_LIMITS, type ArchiveLimits, type FileTree, type TreeFile } from "./archiveTree.ts";
export { removeLeftovers, writeFileAtomic } from "./atomic.ts";
export { cacheFolder } from "./cacheFolder.ts";
export { makeFolder } from "./folder.ts";
export {
  FILE_LIMITS,
  openForeign,
  readData,
  readForeign,
  readLinesOf,
  readText,
  unreadable,
} from "./foreign.ts";
export { findListed, hashFiles, nextOf, readCardJson, readListed, sha256 } from "./listedFile.ts";
export { lockFile, withFileLock } from "./lock.ts";
export { PICTURE_EXTENSION, withoutExtension } from "./pictureName.ts";
export { readExactly } from "./readExactly.ts";
export { type OpenSafetensors, openSafetensors, readSafetensors, writeSafetensors } from "./safetensors.ts";
export { createTensorFile, type TensorFileWriter } from "./safetensorsStream.ts";
export { checkRoom, checkWritable, systemReason, writingTo } from "./writable.ts";

// src/search: exact Hamming search over packed binary codes. Knows bits only.
export { type CodeIndex, createCodeIndex, type FoundCode } from "./codeIndex.ts";

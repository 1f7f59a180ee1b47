// src/matching/search: exact Hamming search over packed binary codes. Knows bits only.
export { type CodeIndex, createCodeIndex, type FoundCode, type OwnedCode } from "./codeIndex.ts";
export { createKernelScanner, type KernelScanner } from "./kernelScanner.ts";
export type { Match, Scanner } from "./match.ts";
export { createPlainScanner } from "./plainScan.ts";
export type { ScannerOptions } from "./scanner.ts";

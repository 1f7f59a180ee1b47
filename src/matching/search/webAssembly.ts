/** The part of WebAssembly that is used here: Node's types leave it to the browser's. */

/** Memory that threads share. */
export interface Memory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB; throws RangeError where there is no room. */
  grow(pages: number): number;
}

interface Api {
  validate(bytes: Uint8Array): boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => Memory;
}

export const { WebAssembly } = globalThis as unknown as { WebAssembly: Api };

/** Attributes of pictures as a file gives them. */
export interface AttributeTable {
  /** Names of pictures, without extension. */
  readonly pictures: readonly string[];
  /** For each attribute, [pictures]: 1 clearly present, -1 clearly absent, 0 neither. */
  readonly attributes: ReadonlyMap<string, Int8Array>;
}

// src/base/names: what people and their pictures are called: one name, however it was typed, and none that deceives.
export { NAME_LENGTH, nameKey, personName } from "./names.ts";

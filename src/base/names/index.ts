// src/base/names: names of people and pictures in one Unicode form, however typed; deceptive ones are refused.
export { NAME_LENGTH, nameKey, personName } from "./names.ts";

/** Faces of a map as the page names and shows them. */
import type { Answer } from "./api.ts";

export type MapFace = Answer<"map">["faces"][number];

/** Where the picture of a face lies. */
export const pathOf = ({ id, name }: MapFace): string =>
  id === null ? `/studio/faces/${name}` : `/faces/${id}/thumbnail`;

/** "Ann, face 17" or "person-0003_2". */
export const nameOf = ({ id, name, person }: MapFace): string =>
  id === null ? name : `${person}, face ${id}`;

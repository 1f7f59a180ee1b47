/** Groups of faces, and what was registered, as plain data and as text for people. */
import { columns, count, counted } from "../../base/text/index.ts";
import { contentText } from "../gallery/index.ts";
import type { PhotoGroups } from "./clusterPhotos.ts";
import type { FolderRegistration } from "./registerFolder.ts";

/** Groups as lists of faces by photo and number. */
export const groupsData = ({ groups, photos, unfit }: PhotoGroups) => ({
  groups: groups.map((group) => group.map(({ name, face, box }) => ({ photo: name, face, box }))),
  photos,
  unfit,
});

/** Groups that are told. */
const MOST_SHOWN = 20;

/** The people seen most often, and how many there are in all. */
export function groupsText({ groups, photos, unfit }: PhotoGroups): string {
  const several = groups.filter(({ length }) => length > 1);
  const rows = several.slice(0, MOST_SHOWN).map((group, index) => {
    const names = [...new Set(group.map(({ name }) => name))];
    const more = names.length > 3 ? ` and ${count(names.length - 3)} more` : "";
    return [
      `group ${index + 1}`,
      `${count(group.length)} faces: ${names.slice(0, 3).join(", ")}${more}`,
    ] as const;
  });
  const rest = several.length > rows.length ? [`and ${count(several.length - rows.length)} groups more`] : [];
  const left = unfit > 0 ? `; ${count(unfit)} faces are too small or too blurred` : "";
  const sum =
    `${count(photos)} photos: ${count(several.length)} people seen more than once, ` +
    `${count(groups.length - several.length)} seen once${left}`;
  return [...(rows.length > 0 ? [columns(rows)] : []), ...rest, sum].join("\n");
}

/** How many faces were added, and how many there are now. */
export const registrationText = ({ place, added, known, ...all }: Omit<FolderRegistration, "passedOver">) =>
  `${place}: ${counted(added, "face")} added, ${count(known)} there already; ${contentText(all)} in all`;

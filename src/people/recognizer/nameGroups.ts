/** Groups of a gallery's faces that have got names: their faces go to the people called so. */
import { nameKey } from "../../base/names/index.ts";
import type { PassedOver } from "../../faces/data/index.ts";
import { readNamedFaces } from "./groupsFile.ts";
import type { Known } from "./parts.ts";
import { storedGallery } from "./registerBatches.ts";
import type { FolderRegistration } from "./registerFolder.ts";

/** Gives the faces of groups that have a name in the file `table` (see `galleryGroupsTable`) to the people called so. */
export async function nameGroups({ gallery: given }: Known, table: string): Promise<FolderRegistration> {
  const gallery = storedGallery(given);
  const passedOver: PassedOver[] = [];
  let [added, known] = [0, 0];
  for (const { face, person, name } of await readNamedFaces(table)) {
    const now = await gallery.personOf(face);
    if (now?.name === name) known++;
    else if (now && nameKey(now.name) === nameKey(person)) {
      await gallery.moveFace(face, name);
      added++;
    } else {
      const why = now ? `it is one of ${now.name}'s now, and was of ${person}` : "it is not there any more";
      passedOver.push({ file: `face ${face}`, reason: `face ${face}: ${why}` });
    }
  }
  return { added, known, passedOver, place: gallery.store.place, ...(await gallery.count()) };
}

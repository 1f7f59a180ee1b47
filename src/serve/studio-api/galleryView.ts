/** The gallery as its page shows it: people with a face each, and which faces have a picture. */
import { type Engine, type HandlersOf, Problem } from "../service/index.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

type Views = Pick<HandlersOf<typeof STUDIO_OPERATIONS>, "cards" | "personFaces">;

/** People of one page. */
const PAGE = 60;
/** Of a person's faces so many are looked at for a thumbnail. */
const LOOKED_AT = 4;

export function galleryViews({ gallery }: Pick<Engine, "gallery">): Views {
  const hasThumbnail = async (face: number) => (await gallery.thumbnail(face)) !== undefined;
  async function shownOf(person: number): Promise<number | null> {
    for (const { id } of (await gallery.faces(person)).slice(0, LOOKED_AT)) {
      if (await hasThumbnail(id)) return id;
    }
    return null;
  }
  return {
    async cards({ after, limit = PAGE }) {
      const people = await gallery.people({ ...(after !== undefined && { after }), limit });
      const cards = [];
      for (const { id, name, faces } of people) cards.push({ id, name, faces, shown: await shownOf(id) });
      const next = people.length === limit ? people[limit - 1].name : null;
      return { people: cards, totals: await gallery.count(), next };
    },
    async personFaces({ person: name }, { touch }) {
      const person = await gallery.person(name);
      if (!person) throw new Problem("not-found", `There is nobody called ${name}.`);
      touch({ people: [String(person.id)] });
      const faces = [];
      for (const { id } of await gallery.faces(person.id)) {
        faces.push({ id, thumbnail: await hasThumbnail(id) });
      }
      return { id: person.id, name, faces };
    },
  };
}

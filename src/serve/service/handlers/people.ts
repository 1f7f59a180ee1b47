/** Changes to the gallery, and what it holds. */
import type { Receipt } from "../../../people/gallery/index.ts";
import type { Engine } from "../engine.ts";
import type { SharedGallery } from "../guardedGallery.ts";
import type { ServiceLimits } from "../limits.ts";
import type { Call, Handlers } from "../mount.ts";
import { Problem } from "../problem.ts";
import { answered, pictureOf } from "./faces.ts";

const PAGE = 100;

export function peopleHandlers({ ask, gallery }: Engine, limits: ServiceLimits) {
  const known = (name: string) => personOf(gallery, name);
  const receiptOf = ({ place: _place, ...receipt }: Receipt, { id, touch }: Call) => {
    touch({ faces: receipt.faces.map(String) });
    return { ...receipt, request: id };
  };
  return {
    async listPeople({ after, limit = PAGE }) {
      const people = await gallery.people({ ...(after !== undefined && { after }), limit });
      const next = people.length === limit ? people[limit - 1].name : null;
      return { people, totals: await gallery.count(), next };
    },
    async getPerson({ person: name }, { touch }) {
      const { id } = await known(name);
      touch({ people: [String(id)] });
      const faces = await gallery.faces(id);
      return { id, name, faces: faces.map((face) => ({ id: face.id })) };
    },
    async register({ person, image, thumbnail, ...asked }, { signal, touch, change }) {
      const there = await gallery.person(person);
      const picture = pictureOf(image, asked, limits);
      const answer = answered(
        await change(there ? { people: [String(there.id)] } : {}, () =>
          ask("register", { picture, person, thumbnail }, signal),
        ),
      );
      touch({ people: [String(answer.person.id)], faces: [String(answer.faceId)] });
      return { ...answer, created: !there };
    },
    async renamePerson({ person, name }, { change }) {
      const { id, faces } = await known(person);
      await change({ people: [String(id)] }, () => gallery.rename(id, name));
      return { id, name, faces };
    },
    async mergePeople({ person, into }, { change }) {
      if (person === into) throw new Problem("conflict", `${person} and ${into} are one person already.`);
      const [from, to] = [await known(person), await known(into)];
      const people = [String(from.id), String(to.id)];
      const faces = await change({ people }, () => gallery.merge(from.id, to.id));
      return { person: { ...to, faces: to.faces + faces }, faces };
    },
    async removePerson({ person }, call) {
      const { id } = await known(person);
      const removed = await call.change({ people: [String(id)] }, () => gallery.remove(id));
      return receiptOf(removed, call);
    },
    async moveFace({ face, person }, { change, touch }) {
      const moved = change({ faces: [String(face)] }, () => gallery.moveFace(face, person));
      const owner = await moved.catch(orNoSuchFace(face));
      touch({ people: [String(owner.id)] });
      return { face, person: owner };
    },
    async listReceipts({ before, limit = PAGE }) {
      const receipts = await gallery.receipts(before === undefined ? { limit } : { before, limit });
      return { receipts, next: receipts.length === limit ? receipts[limit - 1].receipt : null };
    },
    async getReceipt({ receipt }) {
      const found = await gallery.receipt(receipt);
      if (found) return found;
      throw new Problem("not-found", `There is no receipt ${receipt}.`);
    },
    async removeFace({ face }, call) {
      const removed = call.change({ faces: [String(face)] }, () => gallery.removeFace(face));
      return receiptOf(await removed.catch(orNoSuchFace(face)), call);
    },
  } satisfies Handlers;
}

const orNoSuchFace = (face: number) => (error: unknown) => {
  if (!(error instanceof Problem && error.kind === "conflict")) throw error;
  throw new Problem("not-found", `There is no face ${face}.`);
};

async function personOf(gallery: SharedGallery, name: string) {
  const person = await gallery.person(name);
  if (person) return { id: person.id, name: person.name, faces: person.faces };
  throw new Problem("not-found", `There is nobody called ${name}.`);
}

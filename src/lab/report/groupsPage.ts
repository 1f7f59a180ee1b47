/** Groups of unknown faces as a page to look at: a row of faces for each person. */
import { count } from "../../base/text/index.ts";
import { htmlReport, type ReportImage } from "./html.ts";

/** A face: the aligned crop as JPEG in base64, and the photo it is on. */
interface FaceOnPage {
  readonly crop?: string;
  readonly name: string;
}

export interface GroupsOnPage {
  readonly groups: readonly (readonly FaceOnPage[])[];
  readonly photos: number;
  readonly unfit: number;
  readonly passedOver: readonly { readonly reason: string }[];
}

/** Faces of a row; further ones are counted. */
const MOST = 12;

/** The page's source. Every face needs its `crop`. Numbers of groups are those of the table beside it. */
export function groupsPage({ groups, photos, unfit, passedOver }: GroupsOnPage): string {
  const several = groups.filter(({ length }) => length > 1);
  const once = groups.slice(several.length);
  return htmlReport({
    title: "Who is who",
    summary:
      "Faces of these photos, those of one person together, as the program sees it. It can be wrong both ways: look through them " +
      "before you give them names.",
    facts: [
      { label: "photos", value: count(photos) },
      { label: "people seen more than once", value: count(several.length) },
      { label: "people seen once", value: count(once.length) },
      { label: "faces not judged", value: count(unfit) },
    ],
    sections: [
      { heading: "Seen more than once", images: several.map((group, k) => rowOf(group, k + 1)) },
      { heading: "Seen once", images: once.map(([face], k) => oneOf(face, several.length + k + 1)) },
      ...(passedOver.length > 0
        ? [{ heading: "Passed over", prose: passedOver.map(({ reason }) => reason) }]
        : []),
    ],
  });
}

const uriOf = ({ crop }: FaceOnPage) => `data:image/jpeg;base64,${crop}`;

function rowOf(group: readonly FaceOnPage[], number: number): ReportImage {
  const shown = group.slice(0, MOST);
  const photos = [...new Set(shown.map(({ name }) => name))];
  const more = group.length > shown.length ? `, ${count(group.length - shown.length)} more not shown` : "";
  return {
    src: shown.map(uriOf),
    alt: `group ${number}`,
    caption: `${number}: ${count(group.length)} faces${more}; ${photos.join(", ")}`,
    small: true,
  };
}

const oneOf = (face: FaceOnPage, number: number): ReportImage => ({
  src: uriOf(face),
  alt: `group ${number}`,
  caption: `${number}: ${face.name}`,
});

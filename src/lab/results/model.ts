/** Which model a result speaks of: its name, and one hash of its nets. */

import { join } from "node:path";
import { sha256 } from "../../base/files/index.ts";
import type { Provenance } from "../../matching/features/index.ts";
import { isSystem, netHash, partsOf, readCard } from "../../nets/models/index.ts";
import type { FaceSystem } from "../../nets/net/index.ts";

export interface MeasuredModel {
  readonly name: string;
  /** SHA-256 of the net (see `netHash`); of several nets, of their SHA-256 line by line. */
  readonly nets: string;
}

/** The model that is open. */
export const measuredModel = ({ name, parts }: FaceSystem): MeasuredModel => ({
  name,
  nets: hashOfNets(parts.map(({ card }) => netHash(card))),
});

/** The model in `folder`, by its cards alone. */
export async function releasedModel(folder: string): Promise<MeasuredModel> {
  if (!isSystem(folder)) {
    const card = await readCard(folder);
    return { name: card.name, nets: netHash(card) };
  }
  const cards = await Promise.all((await partsOf(folder)).map((part) => readCard(join(folder, part))));
  const name = folder.split(/[\\/]/).filter(Boolean).at(-1)!;
  return { name, nets: hashOfNets(cards.map(netHash)) };
}

/** The model that features were computed by, as their file says; undefined where it does not. */
export function modelOfFeatures({ model, net = "" }: Provenance): MeasuredModel | undefined {
  const nets = net.split(", ").map((one) => /(?:^| )sha256 ([0-9a-f]{64})$/.exec(one)?.[1]);
  if (model === undefined || !nets.every((one) => one !== undefined)) return undefined;
  return { name: model, nets: hashOfNets(nets) };
}

const hashOfNets = (nets: readonly string[]): string =>
  nets.length === 1 ? nets[0] : sha256(nets.join("\n"));

/** A net's definition in one of its two uses: inside a training graph, or as a released model. */
import { type Expr, input } from "../../math/graph/index.ts";
import type { NetConfig } from "./config.ts";
import { deepid2 } from "./deepid2.ts";
import { type Activations, deepid2plus, type Front } from "./deepid2plus.ts";
import type { Scope } from "./scope.ts";

/** Runs `faces` [n, channels, height, width] through the net that `config` describes; DeepID2+ from `front` on, if given. */
export function buildNet(config: NetConfig, scope: Scope, faces: Expr, front?: Front): Activations {
  return config.family === "deepid2plus"
    ? deepid2plus(config, scope, faces, front)
    : deepid2(config, scope, faces);
}

/** The input of a net for batches of `n`: values in [-1, 1]. */
export const facesInput = ({ channels, height, width }: NetConfig, n: number): Expr =>
  input("faces", [n, channels, height, width]);

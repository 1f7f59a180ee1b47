/** A net's definition in one of its two uses: inside a training graph, or as a released model. */
import { type Expr, input } from "../graph/index.ts";
import type { NetConfig } from "./config.ts";
import { deepid2 } from "./deepid2.ts";
import { type Activations, deepid2plus } from "./deepid2plus.ts";
import type { Scope } from "./scope.ts";

/** Runs `faces` [n, channels, height, width] through the net that `config` describes. */
export function buildNet(config: NetConfig, scope: Scope, faces: Expr): Activations {
  return config.family === "deepid2plus" ? deepid2plus(config, scope, faces) : deepid2(config, scope, faces);
}

/** The input of a net for batches of `n`: values in [-1, 1]. */
export const facesInput = ({ channels, height, width }: NetConfig, n: number): Expr =>
  input("faces", [n, channels, height, width]);

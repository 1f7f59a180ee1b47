/** What every operation takes and answers, as schemas: the server checks by them, OpenAPI and the client's types come from them. */
import type { z } from "zod";
import type { Operation } from "../addresses.ts";
import { FACE_OPERATIONS } from "./faces.ts";
import type { OperationSchema } from "./operation.ts";
import { PEOPLE_OPERATIONS } from "./people.ts";
import { SERVICE_OPERATIONS } from "./service.ts";

export type { OperationSchema } from "./operation.ts";

export const OPERATIONS = {
  ...FACE_OPERATIONS,
  ...PEOPLE_OPERATIONS,
  ...SERVICE_OPERATIONS,
} as const satisfies Record<Operation, OperationSchema>;

export type Input<K extends Operation> = z.input<(typeof OPERATIONS)[K]["input"]>;
export type Answer<K extends Operation> = z.output<(typeof OPERATIONS)[K]["answer"]>;

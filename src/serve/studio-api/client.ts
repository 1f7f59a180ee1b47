/** The client of a service that has the studio: its operations beside those of the API. */
import {
  ADDRESSES,
  type ClientOf,
  type ClientOptions,
  clientOf,
  type OPERATIONS,
} from "../service/client.ts";
import { STUDIO_ADDRESSES } from "./endpoints.ts";
import type { STUDIO_OPERATIONS } from "./operations.ts";

export { ServiceError } from "../service/client.ts";

type All = typeof OPERATIONS & typeof STUDIO_OPERATIONS;
/** What an operation of the API or of the studio answers. */
export type Answer<K extends keyof All> = Awaited<ReturnType<StudioClient[K]>>;
export type StudioClient = ClientOf<All>;

/** A client of the service at `base`, as `createClient` makes one, with the studio's operations, too. */
export const createStudioClient = (base: string, options?: ClientOptions): StudioClient =>
  clientOf<All>({ ...ADDRESSES, ...STUDIO_ADDRESSES }, base, options);

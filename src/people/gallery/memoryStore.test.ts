import { storeSuite } from "../../../test/support/storeSuite.ts";
import { createMemoryStore } from "./index.ts";

storeSuite("memory", { open: async (settings) => createMemoryStore(settings) });

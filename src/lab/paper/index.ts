// src/lab/paper: what the paper prints, and the same tables measured here. Knows features and matchers, never photos or nets.

export * from "./claims.ts";
export * from "./published.ts";
export * from "./tables.ts";

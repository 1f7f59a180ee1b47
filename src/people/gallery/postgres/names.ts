/** What the tables of a gallery are called. */

/** Everything is in this schema of its database. */
export const SCHEMA = "deepid_gallery";

export const partitionName = (number: number) => `faces_${number}`;

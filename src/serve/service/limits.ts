/** What one client may ask of the service. */
export interface ServiceLimits {
  /** Of one picture. */
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** Answered of one picture. */
  readonly maxFaces: number;
  /** Of one address, with a valid key or without. */
  readonly requestsPerMinute: number;
  /** Pictures that wait for a worker; further ones are refused with 429. */
  readonly queue: number;
  /** For one picture, in a worker. */
  readonly jobMs: number;
  /** Of all bodies that are being read or answered, in bytes: they are in memory, several times over. */
  readonly bodies: number;
  /** For requests under way when the service is to stop. */
  readonly closeMs: number;
  /** For one call to the gallery. */
  readonly galleryMs: number;
  /** Until a client has sent its request. */
  readonly requestMs: number;
}

export const SERVICE_LIMITS: ServiceLimits = {
  maxBytes: 10 * 2 ** 20,
  maxPixels: 25_000_000,
  maxFaces: 50,
  requestsPerMinute: 600,
  queue: 64,
  jobMs: 20_000,
  bodies: 128 * 2 ** 20,
  closeMs: 8_000,
  galleryMs: 15_000,
  requestMs: 30_000,
};

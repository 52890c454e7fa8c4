import { z } from 'zod';

/** ISO 8601 UTC. */
export const time = z.iso.datetime();
export const jsonObject = z.record(z.string(), z.unknown());

import { uuidv7 } from 'uuidv7';
import { z } from 'zod';

/** A new UUIDv7: sortable by time of creation. */
export const newId = (): string => uuidv7();

export const idSchema = z.uuid();

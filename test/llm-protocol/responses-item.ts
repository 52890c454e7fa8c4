import type { ContentStep } from './wire.ts';

/** What encoding one item of a response needs to know of it. */
export type ItemOptions = {
  step: ContentStep;
  chunkSize: number;
  outputIndex: number;
  responseId: string;
  event: (type: string, fields: Record<string, unknown>) => string;
};

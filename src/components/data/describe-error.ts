import { TRPCClientError } from '@trpc/client';
import { z } from 'zod';

const errorDataSchema = z.object({
  code: z.string(),
  requestId: z.string().nullish(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })).nullish(),
});

export type DescribedError = {
  /** tRPC's code, or `NETWORK` when no answer came. */
  code: string;
  message: string;
  requestId: string | null;
  fields: readonly { path: string; message: string }[];
};

/** What a person may be told about a failed call. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof TRPCClientError) {
    const data = errorDataSchema.safeParse(error.data);
    if (data.success) {
      const { code, requestId, fields } = data.data;
      return { code, message: error.message, requestId: requestId ?? null, fields: fields ?? [] };
    }
  }
  return {
    code: 'NETWORK',
    message: 'The server did not answer. It may be restarting, or you are offline.',
    requestId: null,
    fields: [],
  };
}

/** There is nothing by that name, or by anything that could be one. */
export function isMissing(error: unknown): boolean {
  return ['NOT_FOUND', 'BAD_REQUEST'].includes(describeError(error).code);
}

/** Errors that the same request will meet again. */
export function isPermanent(error: unknown): boolean {
  const { code } = describeError(error);
  return ['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_REQUEST', 'CONFLICT'].includes(code);
}

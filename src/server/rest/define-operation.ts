import type { z } from 'zod';
import type { AccessLevel, Principal } from '../auth/principal.ts';
import type { Kernel } from '../kernel.ts';
import type { Logger } from '../logger.ts';

/** What the edge hands to an operation after authentication, the access check and parsing. */
export type OperationContext = {
  kernel: Kernel;
  principal: Principal;
  /** The project that the credential, or `X-Tars-Project`, names. Access to it has been checked. */
  projectId: string;
  requestId: string;
  log: Logger;
  signal: AbortSignal;
  headers: Headers;
};

/** How a request proves itself by its body, beside or instead of a credential. */
export type BodyProof = {
  /** Whether it carries a proof at all: otherwise the body of a stranger is not even read. */
  present: boolean;
  /** The headers that may carry it, for whoever forgot them. */
  expected: string;
  /** Whether it proves exactly these bytes. */
  verify(raw: Buffer): boolean;
  /** Whose request it is, where there is no other credential. */
  principal(): Promise<Principal>;
};

type Parsed<T> = T extends z.ZodType ? z.infer<T> : undefined;

export type OperationReply = {
  status: number;
  /** JSON unless it is a string or bytes with a content type of its own. */
  body: unknown;
  headers?: Record<string, string>;
};

export type Operation<
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
> = {
  method: 'get' | 'post';
  /** Below `/api/v1`, parameters in braces: `/sessions/{id}`. */
  path: string;
  summary: string;
  tag: string;
  access: AccessLevel;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Whether the body is given as the exact bytes (signatures); `body` then only documents it. */
  rawBody?: boolean;
  /** Whether a 401 asks for a password: some programs (SNS) send theirs only then. A browser would ask its person. */
  asksForPassword?: boolean;
  /** Given, a request must be proven, also beside a key, and needs no key then. Null: this one needs none. */
  proof?(kernel: Kernel, request: { params: Record<string, string>; headers: Headers }): BodyProof | null;
  responses: Record<number, { description: string; schema?: z.ZodType; contentType?: string }>;
  handle(
    context: OperationContext,
    input: { params: Parsed<Params>; query: Parsed<Query>; body: Parsed<Body>; raw: Buffer },
  ): Promise<OperationReply>;
};

/**
 * A REST operation as data: the router, the access check, the OpenAPI document and the tests that walk every
 * operation are all made from it.
 */
export function defineOperation<
  Params extends z.ZodType | undefined = undefined,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(operation: Operation<Params, Query, Body>): Operation {
  // The registry holds operations of every shape; each parses its own input before `handle` sees it.
  return operation as unknown as Operation;
}

import { z } from 'zod';

/** The fields that tell of money, wherever usage is told of. */
type CostField = 'costUsd' | 'unpricedCalls' | 'unpricedAttempts';

/** Usage as it is told where costs are not shown (`costs.enabled: false`): tokens and counts stay. */
export function withoutCosts<T extends object>(usage: T): Omit<T, CostField> {
  const { costUsd, unpricedCalls, unpricedAttempts, ...rest } = usage as T &
    Partial<Record<CostField, unknown>>;
  return rest;
}

const fieldsSchema = z.record(z.string(), z.unknown());

/** A request for a decision: an agent at its limit (`pause`) tells in its `arguments` what it has used. */
export function requestWithoutCosts<T extends { kind?: unknown; arguments?: unknown }>(request: T): T {
  const told = request.kind === 'pause' ? fieldsSchema.safeParse(request.arguments).data : undefined;
  return told ? { ...request, arguments: withoutCosts(told) } : request;
}

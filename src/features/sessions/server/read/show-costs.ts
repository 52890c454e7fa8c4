import { requestWithoutCosts, withoutCosts } from '#src/lib/without-costs.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { SessionListItem, SessionView, TimelineItem, TraceItem } from '../../schema.ts';
import { jsonObject } from '../../schema-parts.ts';

type LoggedEvent = { type: string; payload: unknown };

/** How what tells of money leaves the server. */
export type CostView = {
  session(session: SessionView): SessionView;
  listItem(item: SessionListItem): SessionListItem;
  /** A request for a decision: one of an agent at its limit tells what it has used. */
  request<T extends { kind: string; arguments: unknown }>(request: T): T;
  item(item: TimelineItem): TimelineItem;
  traceItem(item: TraceItem): TraceItem;
  event<T extends LoggedEvent>(event: T): T;
};

const same = <T>(value: T): T => value;
const SHOWN: CostView = {
  session: same,
  listItem: same,
  request: same,
  item: same,
  traceItem: same,
  event: same,
};

const HIDDEN: CostView = {
  session: (session) => ({
    ...session,
    usage: withoutCosts(session.usage),
    budgets: withoutCosts(session.budgets),
    pendingApprovals: session.pendingApprovals.map(requestWithoutCosts),
  }),
  listItem: (item) => ({ ...item, usage: withoutCosts(item.usage) }),
  request: requestWithoutCosts,
  item: (item) => ({ ...item, data: requestWithoutCosts(item.data) }),
  traceItem: (item) => (item.kind === 'llm' ? { ...item, usage: withoutCosts(item.usage) } : item),
  event: (event) => ({ ...event, payload: hidePayload(event) }),
};

/**
 * The log and the rows hold costs whatever the configuration says, so that they are there when it says otherwise; every
 * answer and every event passes through this on its way to people and programs.
 */
export const costView = (kernel: Kernel): CostView =>
  kernel.config.current().costs.enabled ? SHOWN : HIDDEN;

function hidePayload({ type, payload }: LoggedEvent): unknown {
  const fields = fieldsOf(payload);
  if (!fields) return payload;
  if (type !== 'session.patch') {
    const data = fieldsOf(fields.data);
    return data ? { ...fields, data: requestWithoutCosts(data) } : payload;
  }
  const usage = fieldsOf(fields.usage);
  const { pendingApprovals } = fields;
  return {
    ...fields,
    ...(usage && { usage: withoutCosts(usage) }),
    ...(Array.isArray(pendingApprovals) && { pendingApprovals: pendingApprovals.map(requestWithoutCosts) }),
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> | null => jsonObject.safeParse(value).data ?? null;

import {
  type ApprovalData,
  approvalDataSchema,
  type EventBody,
  type ItemType,
  toolCallDataSchema,
} from '#src/features/sessions/schema.ts';
import { describeRequest } from '#src/lib/describe-request.ts';
import { decisionOf, describeSubject, howToDecide } from './describe-approval.ts';
import { LINE_MAX_CHARS } from './tunables.ts';

type OpenItem = { type: ItemType; content: string; data: Record<string, unknown> };

/**
 * Turns events, given in their order, into lines for a terminal: one per finished item, stage and change of status.
 * Each call gives the lines of one event, often none.
 */
export function createEventPrinter(): (event: EventBody) => string[] {
  const items = new Map<string, OpenItem>();
  const stages = new Map<string, string>();
  return (event) => {
    switch (event.type) {
      case 'item.started':
        items.set(event.payload.id, {
          type: event.payload.type,
          content: event.payload.content,
          data: event.payload.data,
        });
        return describeRequestItem(event.payload);
      case 'item.delta': {
        const item = items.get(event.payload.itemId);
        if (item) item.content = item.content.slice(0, event.payload.offset) + event.payload.text;
        return [];
      }
      case 'item.patch': {
        const item = items.get(event.payload.itemId);
        if (item) Object.assign(item.data, event.payload.data);
        return [];
      }
      case 'item.completed': {
        const item = items.get(event.payload.itemId);
        if (!item) return [];
        items.delete(event.payload.itemId);
        return [
          describeItem({ ...item, data: { ...item.data, ...event.payload.data } }, event.payload.status),
        ];
      }
      case 'stage.upsert': {
        const { id, name, status } = event.payload;
        if (stages.get(id) === status) return [];
        stages.set(id, status);
        return [`-- stage ${name}: ${status}`];
      }
      case 'session.patch':
        return event.payload.status === undefined ? [] : [`-- session ${event.payload.status}`];
      case 'execution.upsert':
      case 'compacted':
        return [];
    }
  };
}

/** What waits for a person is told when it begins to wait. */
function describeRequestItem({ type, data }: Pick<OpenItem, 'type' | 'data'>): string[] {
  const request = requestOf({ type, data });
  if (!request) return [];
  const { approvalId: id, kind, server, tool } = request;
  const [subject = ''] = describeSubject({ ...request, tool: `${server}.${tool}` });
  return [cut(`-- ${describeRequest(kind).heading}: ${oneLine(subject)}`), `   ${howToDecide({ id, kind })}`];
}

const requestOf = ({ type, data }: Pick<OpenItem, 'type' | 'data'>): ApprovalData | null =>
  type === 'approval' || type === 'question' ? (approvalDataSchema.safeParse(data).data ?? null) : null;

function describeItem(item: OpenItem, status: string): string {
  const request = requestOf(item);
  if (request) return cut(`-- ${oneLine(decisionOf(request))}`);
  const failed = status === 'completed' ? '' : ` [${status}]`;
  if (item.type !== 'tool_call')
    return cut(`${item.type.replaceAll('_', ' ')}${failed}: ${oneLine(item.content)}`);
  const call = toolCallDataSchema.safeParse(item.data);
  if (!call.success) return `tool call${failed}`;
  const { tool, durationMs, error, refused } = call.data;
  const took = durationMs === undefined ? '' : ` (${(durationMs / 1000).toFixed(1)} s)`;
  const trouble = error ?? refused;
  return cut(
    `tool ${tool} ${JSON.stringify(call.data.arguments)}${failed}${took}${trouble ? `: ${oneLine(trouble)}` : ''}`,
  );
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
const cut = (text: string) => (text.length > LINE_MAX_CHARS ? `${text.slice(0, LINE_MAX_CHARS - 1)}…` : text);

import type { ToolImage, TraceItem } from '../../schema.ts';

/** Of `tool_image`, as JSON. */
type ImageRow = Omit<ToolImage, 'url'> & { id: string };

export type ToolCallRow = {
  id: string;
  session_id: string;
  execution_id: string;
  item_id: string;
  server: string;
  tool: string;
  arguments: Record<string, unknown>;
  status: string;
  result: string | null;
  output_id: string | null;
  images: readonly ImageRow[];
  error: string | null;
  started_at: Date | null;
  completed_at: Date | null;
  duration_ms: number | null;
  logs_removed_at: Date | null;
};

/** Where the whole of a spilled output is served. */
export const outputUrl = (sessionId: string, outputId: string): string =>
  `/api/v1/sessions/${sessionId}/outputs/${outputId}`;

/** Where an image of a tool's result is served. */
export const imageUrl = (sessionId: string, imageId: string): string =>
  `/api/v1/sessions/${sessionId}/images/${imageId}`;

export function toolTraceItem(row: ToolCallRow, removedNote: string): TraceItem {
  const startedAt = row.started_at ?? row.completed_at ?? new Date(0);
  return {
    id: row.id,
    kind: 'tool',
    executionId: row.execution_id,
    startedAt: startedAt.toISOString(),
    durationMs: row.duration_ms ?? 0,
    server: row.server,
    tool: row.tool,
    status: row.status,
    request: { arguments: row.arguments },
    response: row.result === null ? null : { text: row.result },
    outputUrl: row.output_id === null ? null : outputUrl(row.session_id, row.output_id),
    images: row.images.map(({ id, ...facts }) => ({ ...facts, url: imageUrl(row.session_id, id) })),
    itemId: row.item_id,
    error: row.error,
    removed: row.logs_removed_at && removedNote,
  };
}

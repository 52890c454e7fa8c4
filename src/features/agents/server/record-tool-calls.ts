import { rightsOf } from '#src/features/mcp-servers/server/index.ts';
import type { ToolImage } from '#src/features/sessions/schema.ts';
import { type Batch, imageUrl, markChanged, outputUrl } from '#src/features/sessions/server/index.ts';
import { headOf, storable } from '#src/lib/storable-text.ts';
import { createStreamMasker, type StreamMasker } from '#src/server/masking/index.ts';
import type { AgentStep, KeptImage, PlannedCall, ToolEnd } from './agent-step.ts';
import { clusterOf } from './cluster-of.ts';
import { startNote } from './record-notes.ts';
import type { ExecutionScope } from './run-context.ts';
import { ITEM_ARGUMENTS_MAX_CHARS, ITEM_RESULT_MAX_CHARS } from './tunables.ts';

type Step<T extends AgentStep['type']> = Extract<AgentStep, { type: T }>;

const placeOf = (call: PlannedCall) => `${call.iteration}.${call.index}`;

/** Makes tool calls durable and visible: the start before anything happens, the end with its whole output. */
export function createToolCallRecorder({ context, execution, place }: ExecutionScope) {
  const { recorder, masker, kernel } = context;
  const running = new Map<string, { itemId: string; live: StreamMasker }>();
  return {
    async started({ call }: Step<'tool_started'>): Promise<void> {
      const server = kernel.config.current().mcpServers[call.server];
      const origin = {
        cluster: clusterOf(server, call.maskedArguments),
        actsFor: rightsOf(context.session, server?.transport),
      };
      const itemId = await recorder.commit((batch) => {
        const id = batch.startItem({ ...place, type: 'tool_call', data: startData(call, origin) });
        batch.sql.write(
          `update tool_call set status = 'running', item_id = $4, started_at = now()
           where execution_id = $1 and iteration = $2 and index = $3`,
          [execution.id, call.iteration, call.index, id],
        );
        return id;
      });
      running.set(placeOf(call), { itemId, live: createStreamMasker(masker) });
    },

    /** Text is streamed like an answer's; how far it is belongs to the item's data. */
    async progress({ call, text, progress }: Step<'tool_progress'>): Promise<void> {
      const item = running.get(placeOf(call));
      if (!item) return;
      recorder.delta(item.itemId, storable(item.live.push(text)));
      if (!progress) return;
      const data = {
        progress: storable(masker.text(progress.message)),
        progressDone: progress.progress,
        progressTotal: progress.total,
      };
      await recorder.commit((batch) => batch.patchItem(item.itemId, data));
    },

    async ended({ call, end }: Step<'tool_ended'>): Promise<void> {
      const item = running.get(placeOf(call));
      running.delete(placeOf(call));
      const labels = { server: call.server || 'unknown', tool: call.server ? call.tool : 'unknown' };
      kernel.metrics.toolCalls.inc({ ...labels, outcome: end.status });
      kernel.metrics.toolDuration.observe(labels, end.durationMs / 1000);
      const { sessionId } = recorder;
      await recorder.commit((batch) => {
        if (item) {
          batch.completeItem(item.itemId, {
            status: itemStatusOf(end),
            content: recorder.textOf(item.itemId) + storable(item.live.end()),
            data: endData(sessionId, end),
          });
        }
        for (const note of end.notes ?? []) startNote(batch, place, note);
        writeToolEnd(batch, { sessionId, executionId: execution.id, call, end });
      });
    },
  };
}

/** Where a call looks, and with whose rights; null where there is nothing to tell. */
type CallOrigin = { cluster: string | null; actsFor: string | null };

function startData(call: PlannedCall, { cluster, actsFor }: CallOrigin): Record<string, unknown> {
  return {
    callId: call.callId,
    server: call.server,
    tool: call.tool,
    ...(cluster === null ? {} : { cluster }),
    ...(actsFor === null ? {} : { actsFor }),
    readOnly: call.readOnly,
    iteration: call.iteration,
    arguments: shownArguments(call.maskedArguments),
  };
}

function shownArguments(args: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(args);
  return text.length <= ITEM_ARGUMENTS_MAX_CHARS
    ? args
    : { preview: `${headOf(text, ITEM_ARGUMENTS_MAX_CHARS)}…` };
}

function itemStatusOf(end: ToolEnd): 'completed' | 'failed' | 'timed_out' | 'cancelled' {
  switch (end.status) {
    case 'completed':
    case 'timed_out':
    case 'cancelled':
    case 'failed':
      return end.status;
    case 'refused':
    case 'unknown':
      return 'failed';
  }
}

function endData(sessionId: string, end: ToolEnd): Record<string, unknown> {
  const refused = end.status === 'refused';
  return {
    result: refused ? undefined : headOf(end.output?.text ?? end.view, ITEM_RESULT_MAX_CHARS),
    outputBytes: end.outputBytes,
    outputUrl: end.output ? outputUrl(sessionId, end.output.id) : undefined,
    images: end.images?.map((image) => shownImage(sessionId, image)),
    error: refused ? undefined : (end.error ?? undefined),
    refused: refused ? headOf(end.view, ITEM_RESULT_MAX_CHARS) : undefined,
    durationMs: end.durationMs,
  };
}

/** Where and how large: what is needed to make room for it before it is there. Its bytes are never part of an event. */
const shownImage = (sessionId: string, { id, content: _bytes, ...facts }: KeptImage): ToolImage => ({
  ...facts,
  url: imageUrl(sessionId, id),
});

function writeToolEnd(
  batch: Batch,
  options: { sessionId: string; executionId: string; call: PlannedCall; end: ToolEnd },
): void {
  const { sessionId, executionId, call, end } = options;
  if (end.output) {
    batch.sql.write('insert into tool_output (id, session_id, content, bytes) values ($1, $2, $3, $4)', [
      end.output.id,
      sessionId,
      end.output.text,
      end.outputBytes,
    ]);
  }
  for (const image of end.images ?? [])
    writeImage(batch, { sessionId, executionId, callId: call.callId, image });
  batch.sql.write(
    `update tool_call set status = $4, result = $5, output_id = $6, output_bytes = $7, error = $8, duration_ms = $9,
       summary = $10, completed_at = now(), arguments_sealed = null
     where execution_id = $1 and iteration = $2 and index = $3`,
    [
      executionId,
      call.iteration,
      call.index,
      end.status,
      end.view,
      end.output?.id ?? null,
      end.outputBytes,
      end.error,
      end.durationMs,
      end.summary ?? null,
    ],
  );
  if (mayHaveChanged(call, end)) markChanged(batch.sql, sessionId);
  batch.addUsage({ toolCalls: 1 });
}

function writeImage(
  batch: Batch,
  options: { sessionId: string; executionId: string; callId: string; image: KeptImage },
): void {
  const { image } = options;
  if (!image.content) return;
  batch.sql.write(
    `insert into tool_image (id, session_id, execution_id, call_id, position, media_type, width, height, content, bytes, for_models)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      image.id,
      options.sessionId,
      options.executionId,
      options.callId,
      image.position,
      image.mediaType,
      image.width,
      image.height,
      image.content,
      image.bytes,
      image.forModels,
    ],
  );
}

/** A call that failed says that it did not; where the answer is missing, nobody knows. */
const mayHaveChanged = (call: PlannedCall, end: ToolEnd): boolean =>
  !call.readOnly && ['completed', 'timed_out', 'cancelled', 'unknown'].includes(end.status);

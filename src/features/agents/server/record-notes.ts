import type { Batch } from '#src/features/sessions/server/index.ts';
import type { ToolNote } from './agent-step.ts';
import type { ExecutionScope } from './run-context.ts';

/** An entry that is complete as it is written. */
export function startNote(batch: Batch, place: ExecutionScope['place'], note: ToolNote): void {
  batch.startItem({ ...place, ...note, status: note.type === 'error' ? 'failed' : 'completed' });
}

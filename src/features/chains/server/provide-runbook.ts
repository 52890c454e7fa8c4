import type { RunContext } from '#src/features/agents/server/index.ts';
import { loadRunbook } from '#src/features/runbooks/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';

/**
 * Reads the session's runbook before its first agent starts and keeps it with the session: a run that is resumed, its chat
 * and its readers see the same text, whatever becomes of the source.
 */
export async function provideRunbook(context: RunContext): Promise<void> {
  const { kernel, session, recorder, masker, signal } = context;
  if (session.runbook !== null || session.runbookNote !== null) return;
  const fallback = session.snapshot.chain.runbook.default ?? null;
  if (session.runbookReference === null && fallback === null) return;
  const reference = session.runbookReference && masker.identifiers.reveal(session.runbookReference);
  const loaded = await loadRunbook(kernel, { reference, fallback, signal });
  const clean = (text: string | null) => (text === null ? null : storable(masker.text(text)));
  const text = clean(loaded.text);
  const source = clean(loaded.source);
  const note = clean(loaded.note);
  await recorder.commit(async (batch) => {
    await batch.sql.query(
      'update session set runbook_text = $2, runbook_source = $3, runbook_note = $4 where id = $1',
      [session.id, text, source, note],
    );
    batch.emit({ type: 'session.patch', payload: { runbookSource: source, runbookNote: note } });
    if (note === null) return;
    batch.startItem({
      stageId: null,
      executionId: null,
      type: 'error',
      status: 'failed',
      content: text === null ? `${note} The run goes on without it.` : note,
      data: { runbook: session.runbookReference ?? fallback, used: source },
    });
  });
  Object.assign(session, { runbook: text, runbookNote: note });
}

import type { Batch, Recorder } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import { newId } from '#src/server/ids.ts';
import { createStreamMasker, type Masker, type StreamMasker } from '#src/server/masking/index.ts';

type Kind = 'thinking' | 'response';

/** An item that is being written. `early` is what came before it was started; null from then on. */
type Streamed = { id: string; masker: StreamMasker; early: string | null };

export type AnswerStreams = {
  /** Shows what the model is writing; starts its timeline item with the first piece. */
  push(kind: Kind, delta: string): void;
  /** Ends the open items. `texts` are the whole texts; without them what has been streamed stays. */
  close(
    batch: Batch,
    end: { status: 'completed' | 'failed'; data: Record<string, unknown>; texts?: Record<Kind, string> },
  ): void;
};

/** The timeline items of the answer that is being streamed, masked as it comes. */
export function createAnswerStreams(options: {
  recorder: Recorder;
  masker: Masker;
  place: { stageId: string; executionId: string; parentExecutionId: string | null };
}): AnswerStreams {
  const { recorder, masker, place } = options;
  const streams = new Map<Kind, Streamed>();
  /** Items per kind: a model may think again after it has begun to write. */
  const started: Record<Kind, number> = { thinking: 0, response: 0 };

  const streamedText = (item: Streamed) => recorder.textOf(item.id) + storable(item.masker.end());

  /** Starts an item; what was being streamed before has come to its end with that. */
  const start = (kind: Kind): Streamed => {
    const before = [...streams.values()];
    const item: Streamed = { id: newId(), masker: createStreamMasker(masker), early: '' };
    streams.clear();
    streams.set(kind, item);
    started[kind] += 1;
    recorder.write((batch) => {
      for (const other of before)
        batch.completeItem(other.id, { status: 'completed', content: streamedText(other) });
      batch.startItem({ ...place, id: item.id, type: kind, content: item.early ?? '' });
      item.early = null;
    });
    return item;
  };

  return {
    push(kind, delta) {
      const item = streams.get(kind) ?? start(kind);
      // The masker releases whole words, so no surrogate pair is cut here.
      const text = storable(item.masker.push(delta));
      if (item.early === null) recorder.delta(item.id, text);
      else item.early += text;
    },
    close(batch, { status, data, texts }) {
      for (const kind of ['thinking', 'response'] as const) {
        const open = streams.get(kind);
        const whole = texts?.[kind];
        if (open) {
          // The whole text belongs to the item when there is only one of its kind.
          const content = whole === undefined || started[kind] > 1 ? streamedText(open) : masker.text(whole);
          batch.completeItem(open.id, { status, content: storable(content), data });
        } else if (whole && started[kind] === 0) {
          batch.startItem({ ...place, type: kind, status, content: masker.text(whole), data });
        }
        started[kind] = 0;
      }
      streams.clear();
    },
  };
}

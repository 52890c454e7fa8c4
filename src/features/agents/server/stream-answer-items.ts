import type { Batch, Recorder } from '#src/features/sessions/server/index.ts';
import { storable } from '#src/lib/storable-text.ts';
import { createStreamMasker, type Masker, type StreamMasker } from '#src/server/masking/index.ts';

type Kind = 'thinking' | 'response';

export type AnswerStreams = {
  /** Shows what the model is writing; starts its timeline item with the first piece. */
  push(kind: Kind, delta: string): Promise<void>;
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
  const streams = new Map<Kind, { itemId: string; masker: StreamMasker }>();
  /** Items per kind: a model may think again after it has begun to write. */
  const started: Record<Kind, number> = { thinking: 0, response: 0 };

  const streamedText = (open: { itemId: string; masker: StreamMasker }) =>
    recorder.textOf(open.itemId) + storable(open.masker.end());

  /** Starts an item; what was being streamed before has come to its end with that. */
  const start = (batch: Batch, kind: Kind): string => {
    for (const [other, open] of streams) {
      batch.completeItem(open.itemId, { status: 'completed', content: streamedText(open) });
      streams.delete(other);
    }
    started[kind] += 1;
    return batch.startItem({ ...place, type: kind });
  };

  return {
    async push(kind, delta) {
      let open = streams.get(kind);
      if (!open) {
        const itemId = await recorder.commit((batch) => start(batch, kind));
        open = { itemId, masker: createStreamMasker(masker) };
        streams.set(kind, open);
      }
      // The masker releases whole words, so no surrogate pair is cut here.
      recorder.delta(open.itemId, storable(open.masker.push(delta)));
    },
    close(batch, { status, data, texts }) {
      for (const kind of ['thinking', 'response'] as const) {
        const open = streams.get(kind);
        const whole = texts?.[kind];
        if (open) {
          // The whole text belongs to the item when there is only one of its kind.
          const content = whole === undefined || started[kind] > 1 ? streamedText(open) : masker.text(whole);
          batch.completeItem(open.itemId, { status, content: storable(content), data });
        } else if (whole && started[kind] === 0) {
          batch.startItem({ ...place, type: kind, status, content: masker.text(whole), data });
        }
        started[kind] = 0;
      }
      streams.clear();
    },
  };
}

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
  place: { stageId: string; executionId: string };
}): AnswerStreams {
  const { recorder, masker, place } = options;
  const streams = new Map<Kind, { itemId: string; masker: StreamMasker }>();
  return {
    async push(kind, delta) {
      let open = streams.get(kind);
      if (!open) {
        const itemId = await recorder.commit((batch) => batch.startItem({ ...place, type: kind }));
        open = { itemId, masker: createStreamMasker(masker) };
        streams.set(kind, open);
      }
      // The masker releases whole words, so no surrogate pair is cut here.
      recorder.delta(open.itemId, storable(open.masker.push(delta)));
    },
    close(batch, { status, data, texts }) {
      for (const kind of ['thinking', 'response'] as const) {
        const open = streams.get(kind);
        const text = texts?.[kind];
        if (open) {
          const content =
            text === undefined ? recorder.textOf(open.itemId) + open.masker.end() : masker.text(text);
          batch.completeItem(open.itemId, { status, content: storable(content), data });
        } else if (text) {
          batch.startItem({ ...place, type: kind, status, content: masker.text(text), data });
        }
      }
      streams.clear();
    },
  };
}

import { TELL_TYPING_MS, TYPING_PAUSE_MS } from './tunables.ts';

export type TypingTeller = {
  /** What the field holds after a keystroke. */
  typed(text: string): void;
  /** Nothing is written any more: it was sent, or the field is gone. */
  rest(): void;
};

/**
 * Tells the others that somebody writes: with the first keystroke, and again every `TELL_TYPING_MS` while it goes on, since
 * who comes later has missed what was told before. Ends by itself after a pause.
 */
export function createTypingTeller(tell: () => void): TypingTeller {
  let typedAtMs = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const rest = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const tellAgain = () => {
    if (Date.now() - typedAtMs > TYPING_PAUSE_MS) rest();
    else tell();
  };
  return {
    typed(text) {
      if (text === '') return rest();
      typedAtMs = Date.now();
      if (timer !== undefined) return;
      tell();
      timer = setInterval(tellAgain, TELL_TYPING_MS);
    },
    rest,
  };
}

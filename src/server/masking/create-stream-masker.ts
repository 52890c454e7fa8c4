import type { Masker } from './create-masker.ts';
import { MAX_STREAM_TAIL_CHARS } from './tunables.ts';

/** Masks a text that arrives in pieces. Concatenate what `push` and `end` return. */
export interface StreamMasker {
  /** Adds a piece and returns what may be shown now; may be empty. */
  push(delta: string): string;
  /** The rest, masked. */
  end(): string;
}

/** From here the text is held until its paragraph or code fence ends: it may be a manifest, a key or JSON. */
const BLOCK_START =
  /^[ \t]*(?:-[ \t]{1,8}){0,20}(?:["']?(?:apiVersion|kind|data|stringData|items)["']?[ \t]*:|[{[][ \t]*(?:["'{[\\]|$))|-----BEGIN |\\{0,7}"(?:apiVersion|kind|data|stringData)\\{0,7}"/m;

/**
 * From here the text is held until a line without any of these has ended: the name of a secret with a separator (or
 * with the end of what has arrived) behind it, a flag, an environment entry, a scheme before a credential.
 */
const VALUE_START =
  /(?:pass(?:word|wd|phrase)?|pwd|key|secret|token|authorization|cookie|auth|-data)\d{0,3}(?:\\{0,7}["'])?\]?[ \t]{0,16}(?:$|:|=)|--?[\w-]{0,64}(?:pass|pwd|key|secret|token)|\bname\\{0,7}["']?[ \t]{0,8}:|\b(?:bearer|basic|digest|negotiate)[ \t]|\b(?:ssh|ecdsa)-[a-z0-9-]{3,24}[ \t]/i;

const WITHHELD = '[MASKED_WITHHELD: an unfinished block was too long to be checked for secrets]';

interface SafePrefix {
  /** Characters that no continuation can turn into a part of a secret. */
  readonly length: number;
  readonly heldFor: 'word' | 'value' | 'block';
}

/**
 * Holds back the unfinished end of a stream: the last word always, a line in which a secret's value may still be
 * coming, and a block that may be a manifest or a key. What is held is bounded; a block that outgrows the bound is
 * withheld to its end, anything else is masked as it stands and released. A masker may want whole lines.
 */
export function createStreamMasker(masker: Pick<Masker, 'text' | 'holdsLine'>): StreamMasker {
  let pending = '';
  let withholding = false;

  const release = (length: number): string => {
    const ready = pending.slice(0, length);
    pending = pending.slice(length);
    return ready === '' ? '' : masker.text(ready);
  };

  const relieve = (heldFor: SafePrefix['heldFor']): string => {
    if (pending.length <= MAX_STREAM_TAIL_CHARS) return '';
    const cut = pending.lastIndexOf('\n') + 1;
    if (heldFor === 'value' && cut > 0) return release(cut);
    pending = '';
    withholding = true;
    return WITHHELD;
  };

  /** Drops text until the paragraph that was too long has ended. */
  const skipWithheld = (): void => {
    const end = findParagraphEnd(pending, 0);
    pending = end === -1 ? pending.slice(pending.lastIndexOf('\n')) : pending.slice(end);
    if (end === -1 && pending.length > MAX_STREAM_TAIL_CHARS) pending = '';
    withholding = end === -1;
  };

  return {
    push(delta) {
      pending += delta;
      if (withholding) skipWithheld();
      if (withholding) return '';
      const safe = findSafePrefix(pending);
      const start = lineStart(pending, safe.length);
      const length = masker.holdsLine?.(pending.slice(start)) ? start : safe.length;
      return release(length) + relieve(safe.heldFor);
    },
    end() {
      if (withholding) skipWithheld();
      const rest = withholding ? '' : release(pending.length);
      pending = '';
      withholding = false;
      return rest;
    },
  };
}

function findSafePrefix(text: string): SafePrefix {
  let from = 0;
  for (let round = 0; round <= text.length; round++) {
    const rest = text.slice(from);
    const block = BLOCK_START.exec(rest)?.index ?? rest.length;
    const value = VALUE_START.exec(rest)?.index ?? rest.length;
    if (block === rest.length && value === rest.length) {
      return { length: from + wordStart(rest, rest.length), heldFor: 'word' };
    }
    const end = block <= value ? findParagraphEnd(rest, block) : findCleanLineEnd(rest, value);
    if (end === -1 && block <= value) return { length: from + lineStart(rest, block), heldFor: 'block' };
    if (end === -1) return { length: from + wordStart(rest, value), heldFor: 'value' };
    from += end;
  }
  return { length: from, heldFor: 'word' };
}

/** Just after the blank line or closing fence that ends the paragraph containing `from`, or -1. */
function findParagraphEnd(text: string, from: number): number {
  const paragraphEnd = /\n[ \t]*\r?\n|\n[ \t]*```[^\n]*\n/g;
  paragraphEnd.lastIndex = from;
  const found = paragraphEnd.exec(text);
  return found === null ? -1 : found.index + found[0].length;
}

/** The end of the first complete line after `from`'s own that starts no value itself, or -1. */
function findCleanLineEnd(text: string, from: number): number {
  let lineEnd = text.indexOf('\n', from);
  while (lineEnd !== -1) {
    const next = text.indexOf('\n', lineEnd + 1);
    if (next === -1) return -1;
    const line = text.slice(lineEnd + 1, next);
    if (BLOCK_START.test(line)) return lineEnd + 1;
    if (!VALUE_START.test(line)) return next + 1;
    lineEnd = next;
  }
  return -1;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The last place before `at` that follows a blank. */
function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) start--;
  return start;
}

import type { Masker } from './create-masker.ts';
import { MAX_STREAM_TAIL_CHARS } from './tunables.ts';

/** Masks a text that arrives in pieces. Concatenate what `push` and `end` return. */
export interface StreamMasker {
  /** Adds a piece and returns what may be shown now; may be empty. */
  push(delta: string): string;
  /** The rest, masked. */
  end(): string;
}

/** A line from which the text is held until its paragraph or code fence ends: a manifest, a key block, JSON. */
const BLOCK_START =
  /^[ \t]*(?:-[ \t]+)*(?:["']?(?:apiVersion|kind|data|stringData|items)["']?[ \t]*:|[{[])|-----BEGIN |\\?"(?:apiVersion|kind|data|stringData)\\?"/m;

/** A word from which the text is held until the line after it ends: the value may still be coming. */
const VALUE_START =
  /pass(?:word|wd|phrase)?|pwd|api[_-]?key|[_-]?key\b|secret|token|authorization|cookie|bearer|basic|:\/\/|_auth|-data\b|ssh-|ecdsa-/i;

const WITHHELD = '[MASKED_WITHHELD: an unfinished block was too long to be checked for secrets]';

/**
 * Holds back the unfinished end of a stream: the last word always, a line that may hold a secret until the line after
 * it ends, a block that may be a manifest or a key until its paragraph ends. What is held is bounded; a block that
 * outgrows the bound is withheld to its end.
 */
export function createStreamMasker(masker: Masker): StreamMasker {
  let pending = '';
  let withholding = false;

  const release = (length: number): string => {
    const ready = pending.slice(0, length);
    pending = pending.slice(length);
    return masker.text(ready);
  };

  const overflow = (): string => {
    if (pending.length <= MAX_STREAM_TAIL_CHARS) return '';
    pending = '';
    withholding = true;
    return WITHHELD;
  };

  const resume = (): void => {
    const end = findParagraphEnd(pending, 0);
    pending = end === -1 ? pending.slice(-1) : pending.slice(end);
    withholding = end === -1;
  };

  return {
    push(delta) {
      pending += delta;
      if (withholding) resume();
      if (withholding) return '';
      return release(findSafeLength(pending)) + overflow();
    },
    end() {
      if (withholding) resume();
      const rest = withholding ? '' : release(pending.length);
      pending = '';
      withholding = false;
      return rest;
    },
  };
}

/** Just after the blank line or closing fence that ends the paragraph containing `from`, or -1. */
function findParagraphEnd(text: string, from: number): number {
  const match = /\n[ \t]*\r?\n|\n[ \t]*```[^\n]*\n/g;
  match.lastIndex = from;
  const found = match.exec(text);
  return found === null ? -1 : found.index + found[0].length;
}

/** How many characters at the start of `text` no continuation can turn into a part of a secret. */
function findSafeLength(text: string): number {
  let safe = 0;
  for (let round = 0; round < text.length; round++) {
    const rest = text.slice(safe);
    const block = BLOCK_START.exec(rest);
    const value = VALUE_START.exec(rest);
    const nearest = Math.min(block?.index ?? rest.length, value?.index ?? rest.length);
    if (nearest === rest.length) return safe + wordBoundary(rest, rest.length);
    const isBlock = block !== null && block.index <= (value?.index ?? rest.length);
    const end = isBlock ? findParagraphEnd(rest, nearest) : findNextLineEnd(rest, nearest);
    if (end === -1) return safe + (isBlock ? lineStart(rest, nearest) : wordBoundary(rest, nearest));
    safe += end;
  }
  return safe;
}

/** The end of the line after the one that contains `from`; a value may stand below its name. */
function findNextLineEnd(text: string, from: number): number {
  const lineEnd = text.indexOf('\n', from);
  const nextEnd = lineEnd === -1 ? -1 : text.indexOf('\n', lineEnd + 1);
  return nextEnd === -1 ? -1 : nextEnd + 1;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The last place before `at` that follows a blank. */
function wordBoundary(text: string, at: number): number {
  let boundary = at;
  while (boundary > 0 && !/\s/.test(text.charAt(boundary - 1))) boundary--;
  return boundary;
}

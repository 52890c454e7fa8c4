/** What came out of the stream: a whole line, or the edges of one that was too long to keep. */
export type BoundedLine = { kind: 'line'; text: string } | { kind: 'too_long'; head: string; tail: string };

/** Kept of a line that is thrown away: enough to find the id of its JSON-RPC message at either end. */
const EDGE_BYTES = 256;
const NEWLINE = 0x0a;

/**
 * Splits a byte stream into lines. Chunks are collected and joined once per line, so a line of n bytes costs O(n)
 * (the SDK's own buffer joins on every chunk, O(n²)). A line beyond `maxLineBytes` is dropped while it arrives.
 */
export class BoundedLineReader {
  readonly #maxLineBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #head: Buffer | null = null;
  #tail: Buffer = Buffer.alloc(0);

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Takes the next bytes and returns the lines that they completed. */
  push(chunk: Buffer): BoundedLine[] {
    const lines: BoundedLine[] = [];
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      this.#keep(rest.subarray(0, end));
      lines.push(this.#finish());
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest);
    return lines;
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    if (this.#head !== null) {
      this.#tail = Buffer.concat([this.#tail, part.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
      return;
    }
    this.#chunks.push(part);
    this.#bytes += part.length;
    if (this.#bytes > this.#maxLineBytes) {
      const all = Buffer.concat(this.#chunks);
      this.#head = Buffer.from(all.subarray(0, EDGE_BYTES));
      this.#tail = Buffer.from(all.subarray(-EDGE_BYTES));
      this.#chunks = [];
    }
  }

  #finish(): BoundedLine {
    const line: BoundedLine =
      this.#head === null
        ? { kind: 'line', text: Buffer.concat(this.#chunks).toString('utf8').replace(/\r$/, '') }
        : { kind: 'too_long', head: this.#head.toString('utf8'), tail: this.#tail.toString('utf8') };
    this.#chunks = [];
    this.#bytes = 0;
    this.#head = null;
    this.#tail = Buffer.alloc(0);
    return line;
  }
}

/** The id of a JSON-RPC message of which only both ends are known, or null. Servers write it first or last. */
export function findMessageId(line: { head: string; tail: string }): number | null {
  const atStart = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)/.exec(line.head);
  const atEnd = /"id"\s*:\s*(\d+)\s*\}\s*$/.exec(line.tail);
  const id = atStart?.[1] ?? atEnd?.[1];
  return id === undefined ? null : Number(id);
}

/** Where a command's results go: words for people, or with `--json` one JSON value as the last line of stdout. */
export type Output = {
  readonly json: boolean;
  /** A line for people; nothing with `--json`. */
  line(text: string): void;
  /** The result: printed as JSON with `--json`, else by `lines`. */
  result(value: unknown, lines: readonly string[]): void;
};

export function createOutput(options: { json: boolean; write?: (text: string) => void }): Output {
  const write = options.write ?? ((text: string) => void process.stdout.write(text));
  const print = (text: string) => write(`${text}\n`);
  return {
    json: options.json,
    line: (text) => {
      if (!options.json) print(text);
    },
    result: (value, lines) => {
      if (options.json) print(JSON.stringify(value));
      else for (const line of lines) print(line);
    },
  };
}

/** Columns of equal width, two spaces apart. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

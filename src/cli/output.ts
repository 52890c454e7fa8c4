import { showControls } from '#src/lib/show-controls.ts';

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
  // What is printed was written by alerts, tools and models: a terminal must show it, not obey it.
  const print = (text: string) => write(`${showControls(text)}\n`);
  return {
    json: options.json,
    line: (text) => {
      if (!options.json) print(text);
    },
    result: (value, lines) => {
      if (options.json) write(`${escapeControls(JSON.stringify(value))}\n`);
      else for (const line of lines) print(line);
    },
  };
}

/** The same JSON value, with what a terminal would obey written as `\u…`. */
const escapeControls = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

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

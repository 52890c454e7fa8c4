/** One line of a `kubectl get -o wide --show-labels` style table. */
export interface TableRow {
  /** Cells by upper-case column header. */
  cells: Record<string, string>;
  namespace: string;
  name: string;
  kind: string;
  labels: Record<string, string>;
  line: string;
}

const NONE = new Set(['<none>', '<unset>', '<nil>']);

/**
 * Reads a table as the Kubernetes table printer writes it: columns padded with at least two spaces, a header in
 * capitals. Lines whose cells cannot be assigned (cut or masked output) are left out.
 */
export function parseTable(text: string): TableRow[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const headerAt = lines.findIndex((line) => /^(NAMESPACE|APIVERSION|NAME|POD)\s{2,}[A-Z]/.test(line));
  const header = lines[headerAt];
  if (header === undefined) return [];
  const columns = [...header.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    title: match[0],
    at: match.index,
  }));
  const rows: TableRow[] = [];
  for (const line of lines.slice(headerAt + 1)) {
    if (line.trim() === '' || line === header) continue;
    const cells = splitCells(line, columns);
    if (cells) rows.push(toRow(line, cells));
  }
  return rows;
}

/** True when the text begins like a table (also an empty one: header only). */
export function looksLikeTable(text: string): boolean {
  return /^(NAMESPACE|APIVERSION|NAME|POD)\s{2,}[A-Z]/m.test(text);
}

/** `a=b,c=d` → record; `<none>` is empty. */
export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  if (NONE.has(text)) return labels;
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    if (at > 0) labels[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  return labels;
}

function splitCells(line: string, columns: { title: string; at: number }[]): Record<string, string> | null {
  const parts = line.split(/\s{2,}/).filter((part, index) => part !== '' || index === 0);
  const cells: Record<string, string> = {};
  if (parts.length === columns.length) {
    columns.forEach((column, index) => {
      cells[column.title] = clean(parts[index] ?? '');
    });
    return cells;
  }
  // An empty cell or a shifted line: columns by position, accepted only where a gap precedes each column.
  for (const [index, column] of columns.entries()) {
    if (index > 0 && line.length > column.at && line[column.at - 1] !== ' ') return null;
    cells[column.title] = clean(line.slice(column.at, columns[index + 1]?.at).trim());
  }
  return cells;
}

function clean(cell: string): string {
  return NONE.has(cell) ? '' : cell;
}

function toRow(line: string, cells: Record<string, string>): TableRow {
  const printed = cells.NAME ?? cells.POD ?? '';
  return {
    cells,
    namespace: cells.NAMESPACE ?? '',
    name: printed.includes('/') ? printed.slice(printed.lastIndexOf('/') + 1) : printed,
    kind: cells.KIND ?? '',
    labels: parseLabels(cells.LABELS ?? ''),
    line: line.replace(/\s{2,}/g, '  '),
  };
}

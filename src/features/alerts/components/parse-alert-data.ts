import { parse, YAMLParseError } from 'yaml';

export const dataFormats = ['text', 'json', 'yaml'] as const;
export type DataFormat = (typeof dataFormats)[number];

export type ParsedData =
  | { ok: true; data: string | Record<string, unknown> | unknown[] }
  | { ok: false; message: string };

/**
 * What a person typed as the alert's data. Text is sent as it is; JSON and YAML must be an object or a list, anything
 * else is text anyway. Errors name the line.
 */
export function parseAlertData(text: string, format: DataFormat): ParsedData {
  if (text.trim() === '') return { ok: false, message: 'Say what happened.' };
  switch (format) {
    case 'text':
      return { ok: true, data: text };
    case 'json':
      return structured(() => JSON.parse(text), 'JSON');
    case 'yaml':
      return structured(() => parse(text), 'YAML');
  }
}

function structured(read: () => unknown, name: string): ParsedData {
  try {
    const data = read();
    if (Array.isArray(data)) return { ok: true, data };
    if (isRecord(data)) return { ok: true, data };
    return {
      ok: false,
      message: `This ${name} is a single value. Choose Text, or send an object or a list.`,
    };
  } catch (error) {
    return { ok: false, message: `Not valid ${name}: ${explain(error)}` };
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function explain(error: unknown): string {
  if (error instanceof YAMLParseError) {
    const line = error.linePos?.[0].line;
    return `${error.code.toLowerCase().replaceAll('_', ' ')}${line ? ` in line ${line}` : ''}`;
  }
  return error instanceof Error ? error.message : 'unreadable';
}

export type ParsedLabels = { ok: true; labels: Record<string, string> } | { ok: false; message: string };

/** `key=value` (or `key: value`), one a line. */
export function parseLabels(text: string): ParsedLabels {
  const labels: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^\s*([^\s=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    const [, key, value] = match ?? [];
    if (!key || value === undefined)
      return { ok: false, message: `Line ${index + 1} is not of the form key=value.` };
    labels[key] = value;
  }
  return { ok: true, labels };
}

import { z } from 'zod';
import { headOf } from '#src/lib/storable-text.ts';
import { NATIVE_MAX_SOURCES, NATIVE_TEXT_MAX_CHARS, NATIVE_TITLE_MAX_CHARS } from './tunables.ts';

/** Something on the web that an answer rests on. */
export type LlmSource = { url: string; title: string | undefined };

/** What a provider's own tool did inside an answer. Not masked. */
export type NativeEvent =
  | { kind: 'search'; queries: string[]; sources: LlmSource[]; error: string | null }
  | { kind: 'pages'; pages: { url: string; title: string | null; error: string | null }[] }
  | { kind: 'code'; language: string; code: string; output: string; error: string | null };

type ToolOutcome = {
  name: string;
  input: unknown;
  /** What the tool gave, or what went wrong with it. */
  output: unknown;
  failed: boolean;
};

const text = z.string().catch('');
const sourcesSchema = z.array(z.object({ url: z.string(), title: z.string().nullish() })).catch([]);

/**
 * The event that the result of a provider's tool tells of, whichever provider it is; null for one that we do not know.
 * Shapes: the result schemas of @ai-sdk/anthropic, openai, xai and google.
 */
export function readNativeEvent({ name, input, output, failed }: ToolOutcome): NativeEvent | null {
  const error = failed ? errorText(output) : null;
  switch (name) {
    case 'web_search':
      return readSearch(input, output, error);
    case 'web_fetch':
      return readPage(input, output, error);
    case 'code_execution':
    case 'code_interpreter':
      return readCode(input, output, error);
    default:
      return null;
  }
}

const searchInput = z.object({ query: text }).catch({ query: '' });
const actionOutput = z.object({
  action: z
    .object({ type: text, query: text, queries: z.array(z.string()).catch([]), url: text })
    .partial()
    .optional(),
  sources: sourcesSchema,
});

function readSearch(input: unknown, output: unknown, error: string | null): NativeEvent {
  const { query } = searchInput.parse(input);
  // Anthropic gives the list of results, OpenAI and xAI what the model did with the search tool.
  if (Array.isArray(output)) return search([query], sourcesSchema.parse(output), error);
  const { action, sources } = actionOutput.catch({ sources: [] }).parse(output);
  if (action?.url) return page(action.url, null, error);
  return search(action?.queries?.length ? action.queries : [action?.query ?? query], sources, error);
}

const search = (
  queries: readonly string[],
  sources: z.infer<typeof sourcesSchema>,
  error: string | null,
): NativeEvent => ({
  kind: 'search',
  queries: queries.filter((query) => query !== '').map((query) => headOf(query, NATIVE_TITLE_MAX_CHARS)),
  sources: sources.slice(0, NATIVE_MAX_SOURCES).map(({ url, title }) => ({
    url: headOf(url, NATIVE_TITLE_MAX_CHARS),
    title: title ? headOf(title, NATIVE_TITLE_MAX_CHARS) : undefined,
  })),
  error,
});

const fetchInput = z.object({ url: text }).catch({ url: '' });
const fetchOutput = z
  .object({ url: text, content: z.object({ title: z.string().nullish() }).optional() })
  .catch({ url: '' });

function readPage(input: unknown, output: unknown, error: string | null): NativeEvent {
  const found = fetchOutput.parse(output);
  return page(found.url || fetchInput.parse(input).url, found.content?.title ?? null, error);
}

const page = (url: string, title: string | null, error: string | null): NativeEvent => ({
  kind: 'pages',
  pages: [
    {
      url: headOf(url, NATIVE_TITLE_MAX_CHARS),
      title: title && headOf(title, NATIVE_TITLE_MAX_CHARS),
      error,
    },
  ],
});

const codeInput = z
  .object({ type: text, language: text, code: text, command: text, path: text })
  .partial()
  .catch({});
const codeOutput = z
  .object({
    outcome: text,
    output: text,
    stdout: text,
    stderr: text,
    return_code: z.number().nullish().catch(null),
    outputs: z.array(z.object({ logs: text, url: text }).partial()).catch([]),
  })
  .partial()
  .catch({});

function readCode(input: unknown, output: unknown, error: string | null): NativeEvent {
  const asked = codeInput.parse(parseIfText(input));
  const got = codeOutput.parse(output);
  const logs = (got.outputs ?? []).map(({ logs: printed, url }) => printed || (url ? `[image ${url}]` : ''));
  const printed = [got.output, got.stdout, got.stderr, ...logs].filter(Boolean).join('\n');
  const isShell = asked.type === 'bash_code_execution';
  return {
    kind: 'code',
    language: isShell ? 'bash' : (asked.language ?? 'python').toLowerCase() || 'python',
    code: headOf(asked.code || asked.command || asked.path || '', NATIVE_TEXT_MAX_CHARS),
    output: headOf(printed, NATIVE_TEXT_MAX_CHARS),
    error: error ?? failureOf(got),
  };
}

function failureOf(got: z.infer<typeof codeOutput>): string | null {
  if (got.outcome !== undefined && got.outcome !== '' && got.outcome !== 'OUTCOME_OK') {
    return got.outcome
      .replace(/^OUTCOME_/, '')
      .toLowerCase()
      .replaceAll('_', ' ');
  }
  return typeof got.return_code === 'number' && got.return_code !== 0 ? `exit code ${got.return_code}` : null;
}

/** Arguments arrive as they were written where the SDK does not know the tool. */
function parseIfText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return { code: value };
  }
}

const errorOutput = z.object({ errorCode: text, error_code: text }).partial().catch({});

function errorText(output: unknown): string {
  const { errorCode, error_code } = errorOutput.parse(output);
  return (errorCode || error_code || 'failed').replaceAll('_', ' ');
}

const groundingSchema = z.object({
  groundingMetadata: z
    .object({
      webSearchQueries: z.array(z.string()).nullish(),
      groundingChunks: z
        .array(z.object({ web: z.object({ uri: z.string(), title: z.string().nullish() }).nullish() }))
        .nullish(),
    })
    .nullish()
    .catch(null),
  urlContextMetadata: z
    .object({
      urlMetadata: z.array(z.object({ retrievedUrl: z.string(), urlRetrievalStatus: text })).nullish(),
    })
    .nullish()
    .catch(null),
});

/** What Gemini says at the end of an answer of its searches and of the pages that it read. */
export function readGroundingEvents(metadata: Record<string, unknown> | undefined): NativeEvent[] {
  const own = metadata?.google ?? metadata?.googleVertex ?? metadata?.vertex;
  const parsed = groundingSchema.safeParse(own);
  if (!parsed.success) return [];
  const { groundingMetadata, urlContextMetadata } = parsed.data;
  const events: NativeEvent[] = [];
  const queries = groundingMetadata?.webSearchQueries ?? [];
  const chunks = (groundingMetadata?.groundingChunks ?? []).flatMap(({ web }) => (web ? [web] : []));
  if (queries.length > 0 || chunks.length > 0) {
    events.push(
      search(
        queries,
        chunks.map(({ uri, title }) => ({ url: uri, title })),
        null,
      ),
    );
  }
  const pages = (urlContextMetadata?.urlMetadata ?? []).slice(0, NATIVE_MAX_SOURCES);
  if (pages.length > 0) {
    events.push({
      kind: 'pages',
      pages: pages.map(({ retrievedUrl, urlRetrievalStatus }) => ({
        url: headOf(retrievedUrl, NATIVE_TITLE_MAX_CHARS),
        title: null,
        error: /SUCCESS$/.test(urlRetrievalStatus) ? null : statusText(urlRetrievalStatus),
      })),
    });
  }
  return events;
}

const statusText = (status: string): string =>
  status
    .replace(/^URL_RETRIEVAL_STATUS_/, '')
    .toLowerCase()
    .replaceAll('_', ' ') || 'not read';

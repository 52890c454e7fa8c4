import { asArray, asObject, asString } from './conversation.ts';
import type { NativeStep } from './wire.ts';

type Part = Record<string, unknown>;

/**
 * Gemini's own tools in one answer. Code is parts of the content; searches and pages are told of in the metadata of the last
 * chunk, and, where the request asks for it (Gemini 3), as parts with signatures, too.
 */
export function createGrounding(body: unknown, responseId: string) {
  const tellsCalls = asObject(asObject(body).toolConfig).includeServerSideToolInvocations === true;
  const queries: string[] = [];
  const chunks: unknown[] = [];
  const pages: unknown[] = [];
  let counter = 0;
  const pair = (toolType: string, args: unknown, response: unknown): Part[] => {
    const id = `server-${responseId}-${counter++}`;
    const thoughtSignature = `signature-${id}`;
    return tellsCalls
      ? [
          { toolCall: { toolType, args, id }, thoughtSignature },
          { toolResponse: { toolType, response, id }, thoughtSignature },
        ]
      : [];
  };
  return {
    parts(step: NativeStep): Part[] {
      switch (step.type) {
        case 'native_search':
          queries.push(step.query);
          chunks.push(...(step.sources ?? []).map(({ url, title }) => ({ web: { uri: url, title } })));
          return pair('GOOGLE_SEARCH_WEB', { queries: [step.query] }, { search_suggestions: '<b>more</b>' });
        case 'native_page': {
          const status = step.error ? 'ERROR' : 'SUCCESS';
          pages.push({ retrievedUrl: step.url, urlRetrievalStatus: `URL_RETRIEVAL_STATUS_${status}` });
          return pair('URL_CONTEXT', { urls: [step.url] }, {});
        }
        case 'native_code': {
          const outcome = step.failed ? 'OUTCOME_FAILED' : 'OUTCOME_OK';
          return [
            { executableCode: { language: 'PYTHON', code: step.code } },
            { codeExecutionResult: { outcome, output: step.output } },
          ];
        }
      }
    },
    metadata(): Record<string, unknown> {
      return {
        ...(queries.length > 0
          ? {
              groundingMetadata: {
                webSearchQueries: queries,
                groundingChunks: chunks,
                groundingSupports: [],
              },
            }
          : {}),
        ...(pages.length > 0 ? { urlContextMetadata: { urlMetadata: pages } } : {}),
      };
    },
  };
}

/** Parts of Gemini's own tools that come back torn apart, or without the signatures that they were given. */
export function findNativeError(body: unknown): string | undefined {
  for (const content of asArray(asObject(body).contents)) {
    const parts = asArray(asObject(content).parts).map(asObject);
    for (const [index, part] of parts.entries()) {
      if (part.executableCode !== undefined && parts[index + 1]?.codeExecutionResult === undefined) {
        return 'an executable_code part must be followed by its code_execution_result';
      }
      const side = asObject(part.toolCall ?? part.toolResponse);
      if (side.id === undefined) continue;
      if (asString(part.thoughtSignature) !== `signature-${asString(side.id)}`) {
        return `the server side tool part ${asString(side.id)} has lost its thought_signature`;
      }
      const other = part.toolCall === undefined ? 'toolCall' : 'toolResponse';
      if (!parts.some((each) => asObject(each[other]).id === side.id)) {
        return `the server side tool part ${asString(side.id)} has no counterpart`;
      }
    }
  }
  return undefined;
}

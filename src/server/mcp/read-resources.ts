import { readContent } from './describe-content.ts';
import { toFailure } from './describe-failure.ts';
import { maskSafely } from './mask-safely.ts';
import type { ServerConnection } from './server-connection.ts';
import {
  MAX_CALL_TIMEOUT_MS,
  MAX_DESCRIPTION_CHARS,
  MAX_LIST_PAGES,
  MAX_RESOURCES_PER_SERVER,
} from './tunables.ts';
import type { Masker, ToolCallOutcome } from './types.ts';

export type McpResource = {
  server: string;
  uri: string;
  name: string;
  description: string;
  mimeType: string | null;
};

type Request = {
  connection: ServerConnection;
  server: string;
  masker: Masker;
  timeoutMs: number;
  signal: AbortSignal;
};

/** The resources of a server, every page within the bounds; empty when it has none or cannot be asked. */
export async function listResources(request: Request): Promise<McpResource[]> {
  const { connection, server, masker } = request;
  const limit = AbortSignal.timeout(Math.min(request.timeoutMs, MAX_CALL_TIMEOUT_MS));
  const signal = AbortSignal.any([request.signal, limit]);
  const mask = (text: string) => maskSafely(masker, text).slice(0, MAX_DESCRIPTION_CHARS);
  try {
    return await connection.request(
      async (client) => {
        const resources: McpResource[] = [];
        let cursor: string | undefined;
        if (!client.getServerCapabilities()?.resources) return resources;
        for (let page = 0; page < MAX_LIST_PAGES && resources.length < MAX_RESOURCES_PER_SERVER; page += 1) {
          const answer = await client.listResources(cursor === undefined ? {} : { cursor }, { signal });
          for (const { uri, name, description = '', mimeType = null } of answer.resources) {
            resources.push({ server, uri, name: mask(name), description: mask(description), mimeType });
          }
          if (answer.nextCursor === undefined || answer.nextCursor === cursor) break;
          cursor = answer.nextCursor;
        }
        return resources.slice(0, MAX_RESOURCES_PER_SERVER);
      },
      { signal },
    );
  } catch {
    return [];
  }
}

/** Reads one resource. The text is masked and fails closed; what is not text is described in words. */
export async function readResource(request: Request & { uri: string }): Promise<ToolCallOutcome> {
  const { connection, server, masker, uri } = request;
  const startedAt = performance.now();
  const timeoutMs = Math.min(request.timeoutMs, MAX_CALL_TIMEOUT_MS);
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([request.signal, limit]);
  const durationMs = () => Math.round(performance.now() - startedAt);
  let text: string;
  try {
    const options = { signal, timeout: MAX_CALL_TIMEOUT_MS * 2 };
    const answer = await connection.request((client) => client.readResource({ uri }, options), { signal });
    const content = answer.contents.map((resource) => ({ type: 'resource', resource }));
    text = readContent({ content }, 'nobody').text;
  } catch (error) {
    const failure = connection.classify(error, { aborted: request.signal.aborted, timedOut: limit.aborted });
    const what = `the resource ${uri.slice(0, 200)}`;
    return {
      ...toFailure(failure, { what, server, readOnly: true, timeoutMs, masker }),
      durationMs: durationMs(),
    };
  }
  try {
    return { status: 'completed', isToolError: false, text: masker.text(text), durationMs: durationMs() };
  } catch {
    const withheld = 'The resource could not be masked and is therefore withheld.';
    return {
      status: 'failed',
      isToolError: false,
      errorCode: 'masking_failed',
      text: withheld,
      durationMs: durationMs(),
    };
  }
}

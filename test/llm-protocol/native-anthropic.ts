import { asArray, asObject, asString } from './conversation.ts';
import type { NativeStep } from './wire.ts';

type Block = Record<string, unknown>;

/** A server tool's call and result as content blocks. */
export function anthropicNative(step: NativeStep, id: string): { call: Block; result: Block } {
  const call = (name: string, input: Block) => ({ type: 'server_tool_use', id, name, input });
  switch (step.type) {
    case 'native_search':
      return {
        call: call('web_search', { query: step.query }),
        result: {
          type: 'web_search_tool_result',
          tool_use_id: id,
          content: step.error
            ? { type: 'web_search_tool_result_error', error_code: step.error }
            : (step.sources ?? []).map(({ url, title }) => ({
                type: 'web_search_result',
                url,
                title,
                encrypted_content: sealed(url),
                page_age: null,
              })),
        },
      };
    case 'native_page':
      return {
        call: call('web_fetch', { url: step.url }),
        result: {
          type: 'web_fetch_tool_result',
          tool_use_id: id,
          content: step.error
            ? { type: 'web_fetch_tool_result_error', error_code: step.error }
            : {
                type: 'web_fetch_result',
                url: step.url,
                retrieved_at: '2026-11-26T10:00:00Z',
                content: {
                  type: 'document',
                  title: step.title ?? null,
                  source: { type: 'text', media_type: 'text/plain', data: step.text ?? '' },
                },
              },
        },
      };
    case 'native_code':
      return {
        call: call('bash_code_execution', { command: step.code }),
        result: {
          type: 'bash_code_execution_tool_result',
          tool_use_id: id,
          content: {
            type: 'bash_code_execution_result',
            stdout: step.output,
            stderr: '',
            return_code: step.failed ? 1 : 0,
            content: [],
          },
        },
      };
  }
}

/** The provider's own seal on what its search has found; it takes nothing else back. */
const sealed = (url: string): string => `enc-${Buffer.from(url).toString('base64url')}`;

/** Server tools that come back without their result, or with one that is not as it was given. */
export function findNativeError(messages: unknown[]): string | undefined {
  for (const message of messages) {
    const blocks = asArray(asObject(message).content).map(asObject);
    const results = blocks.filter(({ type }) => /_tool_result$/.test(asString(type)));
    const uses = blocks.filter(({ type }) => type === 'server_tool_use');
    const open = uses.find(({ id }) => !results.some(({ tool_use_id }) => tool_use_id === id));
    if (open)
      return `\`${asString(open.name)}\` tool use with id \`${asString(open.id)}\` was found without a result block`;
    const lost = results.find(({ tool_use_id }) => !uses.some(({ id }) => id === tool_use_id));
    if (lost)
      return `unexpected \`tool_use_id\` found in \`${asString(lost.type)}\`: ${asString(lost.tool_use_id)}`;
    for (const result of results) {
      for (const found of asArray(result.content).map(asObject)) {
        if (!asString(found.encrypted_content).startsWith('enc-')) {
          return 'web_search_result.encrypted_content: invalid value';
        }
      }
    }
  }
  return undefined;
}

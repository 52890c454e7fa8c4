import { asArray, asObject, asString } from './conversation.ts';
import type { ItemOptions } from './responses-item.ts';
import { type NativeStep, splitText } from './wire.ts';

/** A hosted tool's item and the events that tell of it. */
export function encodeNative(options: ItemOptions, step: NativeStep): { frames: string[]; item: unknown } {
  return step.type === 'native_code' ? encodeCode(options, step) : encodeWeb(options, step);
}

function encodeWeb(
  { outputIndex, responseId, event }: ItemOptions,
  step: Exclude<NativeStep, { type: 'native_code' }>,
): { frames: string[]; item: unknown } {
  const id = `ws_${responseId}_${outputIndex}`;
  const sources = step.type === 'native_search' ? (step.sources ?? []) : [];
  const action =
    step.type === 'native_search'
      ? {
          type: 'search',
          query: step.query,
          queries: [step.query],
          sources: sources.map(({ url }) => ({ type: 'url', url })),
        }
      : { type: 'open_page', url: step.url };
  const item = { id, type: 'web_search_call', status: 'completed', action };
  const place = { item_id: id, output_index: outputIndex };
  const frames = [
    event('response.output_item.added', {
      output_index: outputIndex,
      item: { id, type: 'web_search_call', status: 'in_progress' },
    }),
    event('response.web_search_call.searching', place),
    event('response.web_search_call.completed', place),
    event('response.output_item.done', { output_index: outputIndex, item }),
  ];
  return { frames, item };
}

function encodeCode(
  { chunkSize, outputIndex, responseId, event }: ItemOptions,
  step: Extract<NativeStep, { type: 'native_code' }>,
): { frames: string[]; item: unknown } {
  const id = `ci_${responseId}_${outputIndex}`;
  const call = { id, type: 'code_interpreter_call', container_id: 'cntr_scripted' };
  const place = { item_id: id, output_index: outputIndex };
  const outputs = [{ type: 'logs', logs: step.output }];
  const item = { ...call, code: step.code, outputs, status: step.failed ? 'failed' : 'completed' };
  const frames = [
    event('response.output_item.added', {
      output_index: outputIndex,
      item: { ...call, code: '', outputs: null, status: 'in_progress' },
    }),
    ...splitText(step.code, chunkSize).map((delta) =>
      event('response.code_interpreter_call_code.delta', { ...place, delta }),
    ),
    event('response.code_interpreter_call_code.done', { ...place, code: step.code }),
    event('response.output_item.done', { output_index: outputIndex, item }),
  ];
  return { frames, item };
}

/** Without storage nothing can be referred to, and a reasoning needs the item that it led to. */
export function findNativeError(body: unknown): string | undefined {
  const items = asArray(asObject(body).input).map(asObject);
  for (const [index, item] of items.entries()) {
    if (item.type === 'item_reference') {
      return `Item with id '${asString(item.id)}' not found. Items are not persisted when \`store\` is set to false.`;
    }
    if (item.type !== 'reasoning') continue;
    const next = items[index + 1];
    const follows = next !== undefined && (next.type !== undefined || next.role === 'assistant');
    if (!follows) {
      return `Item '${asString(item.id)}' of type 'reasoning' was provided without its required following item.`;
    }
  }
  return undefined;
}

import type { TimelineItem } from '../../schema.ts';
import { readToolCall } from '../read-tool-call.ts';
import { describeArguments } from './describe-arguments.ts';
import { itemTitle } from './describe-notice.ts';

const TEXT_CHARS = 160;

/** What an agent did last, in a few words: its tool call, or the beginning of what it wrote. */
export function describeActivity(item: TimelineItem): string {
  const call = readToolCall(item);
  if (call) return [call.tool, describeArguments(call.arguments)].filter(Boolean).join(' · ');
  const text = item.content.replace(/[#*_`>\s]+/g, ' ').trim();
  const what = item.type === 'thinking' && item.status === 'streaming' ? 'Thinking' : itemTitle(item.type);
  return text ? `${what}: ${text.slice(0, TEXT_CHARS)}` : what;
}

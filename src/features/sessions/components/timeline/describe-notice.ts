import { formatCount, formatQuantity } from '#src/lib/format-number.ts';
import { plainError } from '#src/lib/plain-error.ts';
import type { ItemType, TimelineItem } from '../../schema.ts';
import { describeMemories, readMemories } from '../read-memories.ts';
import { describeNative } from '../read-native.ts';

const titles: Record<ItemType, string> = {
  thinking: 'Thought',
  response: 'Response',
  tool_call: 'Tool call',
  tool_summary: 'Summary of a tool output',
  error: 'Error',
  question: 'Question',
  user_message: 'Message',
  final_analysis: 'Final analysis',
  executive_summary: 'Executive summary',
  task_assigned: 'Task',
  provider_fallback: 'Provider changed',
  approval: 'Approval',
  budget: 'Asked to conclude',
  compaction: 'Conversation shortened',
  code_execution: 'Code executed',
  search_result: 'Web search',
  url_context: 'Page read',
  skill_loaded: 'Skill loaded',
  memory_injected: 'Past investigations recalled',
  score: 'Quality score',
};

export const itemTitle = (type: ItemType): string => titles[type];

/** Whether an error did not end anything: a retry follows, or something is done without. */
export const runGoesOn = ({ data }: Pick<TimelineItem, 'data'>): boolean =>
  typeof data.attempt === 'number' ||
  Array.isArray(data.nativeTools) ||
  ['server', 'runbook', 'skill'].some((key) => typeof data[key] === 'string');

/** An error that the run goes on after is named by what is missing from now on. */
function errorTitle(word: (key: string) => string | null): string {
  if (word('server')) return `Without the tools of ${word('server')}`;
  if (word('skill')) return `Without the skill ${word('skill')}`;
  if (word('runbook') && word('used'))
    return word('used') === word('runbook') ? 'An older copy of the runbook' : 'Another runbook than named';
  if (word('runbook')) return 'Without a runbook';
  return titles.error;
}

/** Heading and explanation of an entry that is about the run itself. */
export function describeNotice(item: TimelineItem): { title: string; detail: string } {
  const { data } = item;
  const number = (key: string) => (typeof data[key] === 'number' ? data[key] : null);
  const word = (key: string) => (typeof data[key] === 'string' ? data[key] : null);
  switch (item.type) {
    case 'error': {
      const detail = plainError(item.content);
      const attempt = number('attempt');
      if (attempt !== null) return { title: `Trying again (attempt ${attempt} failed)`, detail };
      if (Array.isArray(data.nativeTools)) return { title: "Without tools of the provider's own", detail };
      return { title: errorTitle(word), detail };
    }
    case 'budget': {
      const share = number('share');
      const near = share !== null && share < 1;
      return { title: near ? 'A budget is nearly used up' : titles.budget, detail: item.content };
    }
    case 'memory_injected': {
      const memories = readMemories(item) ?? [];
      if (memories.length === 0) return { title: titles.memory_injected, detail: item.content };
      return {
        title: `Recalled ${formatQuantity(memories.length, 'past finding')}`,
        detail: describeMemories(memories),
      };
    }
    case 'skill_loaded': {
      const skill = word('skill');
      const how = data.required === true ? 'required' : 'loaded on demand';
      return { title: skill ? `Skill ${skill} (${how})` : titles.skill_loaded, detail: item.content };
    }
    case 'score': {
      const total = number('total');
      const how = word('method') === 'rules' ? ', by rules' : '';
      return {
        title: total === null ? titles.score : `${titles.score}: ${total} of 100${how}`,
        detail: item.content,
      };
    }
    case 'provider_fallback': {
      const from = word('from');
      const to = word('to');
      return {
        title: from && to ? `Provider changed: ${from} → ${to}` : titles.provider_fallback,
        detail: plainError(item.content),
      };
    }
    case 'compaction': {
      const before = number('beforeTokens');
      const after = number('afterTokens');
      const sizes =
        before !== null && after !== null ? `${formatCount(before)} → ${formatCount(after)} tokens` : '';
      return { title: titles.compaction, detail: [sizes, item.content].filter(Boolean).join(' · ') };
    }
    default:
      return describeNative(item) ?? { title: titles[item.type], detail: item.content };
  }
}

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { decideAction } from './act/decide-action.ts';
import { answerChat } from './answer-chat.ts';
import { namesOf } from './chat-topics.ts';
import { decideCheck, endCheck } from './check/decide-check.ts';
import { toolsForActing } from './known-tools.ts';
import { type Answer, lookUp, planLookups, shortHash, type View, viewOf } from './look-up.ts';
import { PEOPLE, SOURCES, TIMES } from './question-kind.ts';
import { type Chat, isSearchTool, readChat } from './read-chat.ts';
import { type Conversation, readConversation } from './read-conversation.ts';
import { MAX_QUERY_CHARS } from './tunables.ts';
import { writeAnalysis } from './write-analysis.ts';
import { writeCompaction } from './write-compaction.ts';
import { writeExecutiveSummary } from './write-executive-summary.ts';
import { writeSynthesis } from './write-synthesis.ts';

/** The next step of the conversation: a pure function of what the call carries. */
export function decideAnswer(options: LanguageModelV4CallOptions): Answer {
  const conversation = readConversation(options);
  const offered = options.toolChoice?.type === 'none' ? [] : (options.tools ?? []);
  switch (conversation.task) {
    case 'executive_summary':
      return say(
        'Shortening the analysis to what a manager needs, by rule.',
        writeExecutiveSummary(conversation.lastUser),
      );
    case 'synthesis':
      return say(
        'Comparing the analyses of the stage by rule: the most certain cause leads.',
        writeSynthesis(conversation),
      );
    case 'compaction':
      return say(
        'Noting what was found so far.',
        writeCompaction(conversation, viewOf(conversation, []).diagnosis),
      );
    case 'chat':
      return chat(conversation, offered);
    case 'forced_conclusion':
      if (conversation.openingTask === 'chat') return chat(conversation, []);
      if (conversation.openingTask === 'check') return endCheck(conversation);
      if (conversation.openingTask === 'action') return decideAction(viewOf(conversation, []), []);
      return conclude(
        viewOf(conversation, []),
        'The investigation was told to end here, so this rests on what had been read by then.',
      );
    case 'action':
      return decideAction(viewOf(conversation, toolsForActing(offered)), offered);
    case 'check':
      return decideCheck(conversation, offered);
    case 'investigation':
      return investigate(viewOf(conversation, offered));
  }
}

function investigate(state: View): Answer {
  const { calls, limits } = planLookups(state);
  return calls.length === 0 ? conclude(state, limits) : lookUp(state, calls);
}

function conclude(state: View, limits: string): Answer {
  const { diagnosis, focus, facts, conversation, areas } = state;
  const thinking = diagnosis.primary
    ? `The pattern "${diagnosis.primary.pattern}" explains the alert with ${diagnosis.primary.confidence} confidence. I write down what was found.`
    : 'No failure pattern that I know fits what was read. I say what I looked at and give no cause.';
  return {
    thinking,
    calls: [],
    text: writeAnalysis({ diagnosis, focus, facts, exchanges: conversation.exchanges, limits, areas }),
  };
}

/** A question about an investigation: one search of what the session holds, then the answer from it. */
function chat(conversation: Conversation, offered: NonNullable<LanguageModelV4CallOptions['tools']>): Answer {
  const chat = readChat(conversation);
  const query = queryOf(chat);
  const tool = offered.find(({ name }) => isSearchTool(name));
  if (chat.search !== null || !tool || query === null) {
    return say('I answer by rule from the analysis and from what was found.', answerChat(conversation));
  }
  return {
    thinking:
      'Rule-based, no language model. I look for lines in this session that hold the words of the question.',
    calls: [{ toolCallId: `offline-chat-${shortHash(query)}`, toolName: tool.name, args: { query } }],
    text: '',
  };
}

/** What to look for: the question, and its words as keys and columns have them; null when it names nothing. */
function queryOf({ question, kind, words, typos }: Chat): string | null {
  const also = [
    ...words.flatMap((word) => namesOf(word, typos).slice(1)),
    ...(kind.owner ? PEOPLE : []),
    ...(kind.since ? TIMES : []),
    ...(kind.source === null ? [] : SOURCES[kind.source].words),
  ];
  if (kind.smallTalk || words.length + also.length === 0) return null;
  return [question.slice(0, MAX_QUERY_CHARS), ...words.filter((word) => typos.has(word)), ...also].join(' ');
}

function say(thinking: string, text: string): Answer {
  return { thinking, calls: [], text };
}

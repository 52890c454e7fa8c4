import type { SessionView, TimelineItem } from '#src/features/sessions/schema.ts';

/** Questions that are offered at most. */
const MAX_SUGGESTIONS = 4;

type Rule = { question: string; when(facts: Facts): boolean };

type Facts = {
  analysis: string;
  sections: ReadonlySet<string>;
  confidence: string | null;
  failedTools: number;
  tools: ReadonlySet<string>;
  refused: boolean;
  completed: boolean;
};

/** In the order of their use in an incident; each only where the session can say something about it. */
const RULES: readonly Rule[] = [
  { question: 'What stopped the investigation?', when: ({ completed }) => !completed },
  { question: 'What should I do first?', when: ({ sections }) => sections.has('what to do now') },
  {
    question: 'What would make you more certain?',
    when: ({ confidence }) => confidence === 'low' || confidence === 'medium',
  },
  {
    question: 'Which tools failed, and what is missing because of it?',
    when: ({ failedTools }) => failedTools > 0,
  },
  { question: 'Which change did you want to make?', when: ({ refused }) => refused },
  { question: 'What does the log say?', when: ({ tools }) => [...tools].some((tool) => /log/.test(tool)) },
  {
    question: 'Which events were there?',
    when: ({ tools }) => [...tools].some((tool) => /event/.test(tool)),
  },
  { question: 'How is this prevented?', when: ({ sections }) => sections.has('prevention') },
  { question: 'What did you rule out?', when: ({ analysis }) => analysis !== '' },
  { question: 'What is the evidence?', when: ({ sections }) => sections.has('evidence') },
];

/**
 * What one might ask next, from what the session has found: no model is called for it. Questions that were asked already are
 * left out.
 */
export function suggestQuestions(
  session: Pick<SessionView, 'status' | 'finalAnalysis'>,
  items: readonly TimelineItem[],
): string[] {
  const asked = new Set(
    items.filter(({ type }) => type === 'user_message').map(({ content }) => wordsOf(content)),
  );
  const facts = readFacts(session, items);
  return RULES.filter(({ question, when }) => !asked.has(wordsOf(question)) && when(facts))
    .slice(0, MAX_SUGGESTIONS)
    .map(({ question }) => question);
}

function readFacts(
  { status, finalAnalysis }: Pick<SessionView, 'status' | 'finalAnalysis'>,
  items: readonly TimelineItem[],
): Facts {
  const analysis = finalAnalysis ?? '';
  const headings = [...analysis.matchAll(/^#{1,4}\s+(.+?)\s*$/gm)].map((match) =>
    (match[1] ?? '').toLowerCase(),
  );
  const calls = items.filter(({ type }) => type === 'tool_call');
  const confidence = /^#{1,4}\s+confidence[\s\S]{0,40}?\b(high|medium|low)\b/im.exec(analysis)?.[1];
  return {
    analysis,
    sections: new Set(headings),
    confidence: confidence?.toLowerCase() ?? null,
    failedTools: calls.filter(
      ({ status: state, data }) => state !== 'completed' && data.refused === undefined,
    ).length,
    tools: new Set(calls.flatMap(({ data }) => (typeof data.tool === 'string' ? [data.tool] : []))),
    refused: calls.some(({ data }) => data.refused !== undefined && data.readOnly === false),
    completed: status === 'completed',
  };
}

const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

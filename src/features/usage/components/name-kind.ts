/** What a kind of model call is for, in words; an unknown one by its own name. */
export function nameKind(kind: string): string {
  return names[kind] ?? kind.replaceAll('_', ' ');
}

const names: Record<string, string> = {
  iteration: 'Investigation',
  forced_conclusion: 'Forced conclusion',
  executive_summary: 'Executive summary',
  synthesis: 'Synthesis',
  summarization: 'Summaries of tool output',
  chat: 'Chat',
  scoring: 'Scoring',
  memory: 'Memory',
  compaction: 'Compaction',
};

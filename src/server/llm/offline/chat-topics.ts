/** A part of the analysis that people ask for in many words. `title` null is the answer in one sentence. */
export interface Topic {
  asks: RegExp;
  section: string;
  title: string | null;
  /** What the question says for it; these words are no names to look for. */
  words: string;
}

const TOPICS: Topic[] = [
  {
    asks: /\b(fix|do now|what (?:can|should|shall|do|must) (?:i|we)|(?:should|shall|must) (?:i|we)|can (?:i|we) (?:just |simply |safely )?(?:restart|delete|scale|kill|drain|increase|raise)|remed|resolve|solve|mitigat|repair|roll ?back|commands?|next steps?)\b/i,
    section: 'what to do',
    title: 'What to do now',
    words:
      'fix do now remedy remediate remediation resolve solve mitigate mitigation repair rollback roll back command next step it',
  },
  {
    asks: /\b(?:prevent|avoid|in (?:the )?future|never happen)|\b(?:not|never|stop|keep)\b.*\bagain\b|n't\b.*\bagain\b/i,
    section: 'prevention',
    title: 'Prevention',
    words: 'prevent prevention avoid again future never happen happening',
  },
  {
    asks: /\b(evidence|proof|prove|how do you know|based on|rests? on)\b/i,
    section: 'evidence',
    title: 'Evidence',
    words: 'evidence proof prove know based rest claim',
  },
  {
    asks: /\b(sure|certain|confiden\w*|trust|likely)\b/i,
    section: 'confidence',
    title: 'Confidence',
    words: 'sure certain confident confidence trust likely',
  },
  {
    asks: /\b(ruled? out|what else|looked at|other (?:cause|reason|possib)\w*|exclude|did you check)/i,
    section: 'ruled out',
    title: 'Ruled out / looked at',
    words: 'ruled rule out else looked look other cause reason exclude check checked possibility',
  },
  {
    asks: /\b(why|cause[ds]?|reason|explain|root|go(?:es|ing)? wrong|went wrong)\b/i,
    section: 'root cause',
    title: 'Root cause',
    words: 'why cause caused reason explain root wrong goes going went crash crashing fail failing happen',
  },
  {
    asks: /\b(what (?:happened|is wrong|is going on)|summar\w*|in short|tl;?dr|one sentence)\b/i,
    section: '',
    title: null,
    words: 'happen happened wrong summary summarise summarize short sentence one going tl dr tldr',
  },
];

/** At most so many parts of the analysis in one answer. */
const MAX_TOPICS = 2;

/** Words that carry a question and name nothing. */
const CARRIERS = new Set(
  `say run running use used happen happening happened become get got see seen look find found know mean happens still now currently
   meanwhile moment yet already try trying work working affected involved exist much most because list show tell give all every whats
   wats hows wheres thats whos like anyone anything long going since ok maybe due fixed resolved solved mitigated
   applied recover recovered healthy over wrong broken
   first make more want`.split(/\s+/),
);

/** The parts of the analysis that a question asks for, and the words of it that ask for something else. */
export function readTopics(
  question: string,
  words: readonly string[],
  typos: ReadonlyMap<string, string>,
): { asked: Topic[]; words: string[] } {
  const asked = TOPICS.filter((topic) => topic.asks.test(question)).slice(0, MAX_TOPICS);
  const used = new Set(asked.flatMap((topic) => topic.words.split(' ')));
  return { asked, words: words.filter((word) => !used.has(typos.get(word) ?? word) && !CARRIERS.has(word)) };
}

/** Other words for a word, as keys and columns have them. */
const ALSO: Readonly<Record<string, string[]>> = {
  often: ['count'],
  many: ['count', 'replicas'],
  old: ['age', 'creationtimestamp'],
  size: ['storage', 'capacity'],
  large: ['storage', 'capacity', 'size'],
  big: ['storage', 'capacity', 'size'],
  tag: ['image'],
  version: ['image'],
  label: ['labels'],
  changed: ['change', 'generation', 'revision'],
  oomkilled: ['oom'],
  evicted: ['evict'],
  user: ['uses', 'used'],
  reason: ['message'],
};

/** A word and its other words: as keys have it, and what was probably meant by a slip. */
export const namesOf = (word: string, typos: ReadonlyMap<string, string>): string[] => {
  const meant = typos.get(word);
  return [word, ...(ALSO[word] ?? []), ...(meant === undefined ? [] : [meant, ...(ALSO[meant] ?? [])])];
};

/** The words that all topics are asked for with. */
export const TOPIC_WORDS: string = TOPICS.map(({ words }) => words).join(' ');

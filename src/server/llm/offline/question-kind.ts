/** What a question is after, as far as that changes where its answer can be. */
export interface QuestionKind {
  /** How it is at present: nobody looks again in a chat. */
  now: boolean;
  /** Since when the trouble goes on. */
  since: boolean;
  /** Whose it is: a person or a team. */
  owner: boolean;
  /** What TARS itself has done or changed. */
  done: boolean;
  /** Whether a cause that the question names is the cause. */
  guess: boolean;
  /** Which calls did not work. */
  failed: boolean;
  /** What a log or the events say, as against something in an object. */
  source: SourceName | null;
  /** Nothing: a greeting, thanks. */
  smallTalk: boolean;
}

const NOW = [
  /\b(now|still|currently|meanwhile|by now|at the moment|recover(?:ed|s)?)\b/i,
  /\b(?:is|are|has|have|was|were|did)\b.*\b(?:fixed|resolved|solved|mitigated|applied|over|back up|healthy again|working again)\b/i,
];

/** Where a question wants its answer from: the tools that give it, what to search for there, and lines that say something. */
export const SOURCES = {
  log: {
    tool: /_logs?$/,
    words: ['error', 'fatal', 'panic', 'exception', 'warn'],
    line: /error|fatal|panic|exception|warn/i,
  },
  events: { tool: /(?:^|[._])events?(?:_list)?$/, words: ['message'], line: /^(?:- )?message: /i },
} as const;
export type SourceName = keyof typeof SOURCES;

/** What a label, an annotation or a key is called that names people. */
export const PEOPLE = ['team', 'owner', 'contact', 'maintainer', 'author'];
/** Names of times, as objects have them. */
export const TIMES = ['startedat', 'starttime', 'creationtimestamp', 'firsttimestamp'];

const CAUSE =
  '(?:because|due to|caused|related|an?|the|some|any|maybe|probably)\\b.*\\b(?:problem|issue|outage|bug|fault|attack|trouble|because|due|related|caused)';

export function kindOf(question: string): QuestionKind {
  return {
    now: NOW.some((now) => now.test(question)) && !/\bdo (?:right )?now\b/i.test(question),
    since:
      /\bsince when\b|\bhow long\b(?!.*\b(?:take|until|will)\b)|\bwhen (?:did|has|was|were)\b.*\b(?:start|beg[aiu]n|happen|broke?|first|fir(?:e|ing))/i.test(
        question,
      ),
    owner:
      /\b(?:who|whom|whose|which|what)\b.*\b(?:owns?|owner|responsible|maintains?|maintainer|contact|teams?|belongs?)\b/i.test(
        question,
      ),
    done: /\b(?:did|have|has) (?:you|tars)\b.*\b(?:want|restart|chang|appl|fix|delet|remov|touch|scal|patch|roll|kill|drain|repair)|\bwhat (?:did|have|has) (?:you|tars) (?:do|done|chang|run|call|touch)/i.test(
      question,
    ),
    failed: /\b(?:tools?|calls?)\b.*\bfail|\bfail\w*\b.*\b(?:tools?|calls?)\b/i.test(question),
    source: /\blogs?\b/i.test(question) ? 'log' : /\bevents?\b/i.test(question) ? 'events' : null,
    guess: new RegExp(
      `^\\W*(?:so |and |but |ok,? )*(?:is|was|could|can|might|may|isn't|wasn't) (?:it|this|that|there)(?: be| not)? ${CAUSE}`,
      'i',
    ).test(question),
    smallTalk:
      /^\W*(?:hi|hello|hey|thanks?(?: you| a lot)?|thx|cheers|ok(?:ay)?|great|nice|good (?:morning|job|work))(?: tars| there| all)?\W*$/i.test(
        question,
      ),
  };
}

/** The words for one kind of request that waits for a person. */
export type RequestWords = {
  heading: string;
  /** What was decided, before "by …". */
  approved: string;
  denied: string;
  expired: string;
  cancelled: string;
};

const WORDS: Readonly<Record<string, RequestWords>> = {
  tool: {
    heading: 'Approval needed',
    approved: 'Approved',
    denied: 'Denied',
    expired: 'Not run: nobody decided in time',
    cancelled: 'Withdrawn: the run ended before anybody decided',
  },
  question: {
    heading: 'A question for you',
    approved: 'Answered',
    denied: 'Not answered',
    expired: 'Nobody answered in time',
    cancelled: 'Withdrawn: the run ended before anybody answered',
  },
  pause: {
    heading: 'Paused at its limit',
    approved: 'Continued',
    denied: 'Asked to conclude',
    expired: 'Asked to conclude: nobody decided in time',
    cancelled: 'Withdrawn: the run ended before anybody decided',
  },
};

/** For kinds that nobody has found better words for. */
const PLAIN: RequestWords = {
  heading: 'A decision is needed',
  approved: 'Approved',
  denied: 'Denied',
  expired: 'Nobody decided in time',
  cancelled: 'Withdrawn: the run ended before anybody decided',
};

/** How a request of this kind is spoken of. */
export const describeRequest = (kind: string): RequestWords => WORDS[kind] ?? PLAIN;

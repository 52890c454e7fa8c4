/**
 * How a call goes wrong. `method` is a method of Slack's, or `POST /posts` elsewhere. `lost_answer`: it is carried out, and the
 * connection breaks before the answer; `no_answer`: it is carried out, and the caller waits for ever.
 */
export type Fault = { method: string } & (
  | { as: 'rate_limit'; seconds: number }
  /** With `seconds` it says when to come back. */
  | { as: 'server_error'; seconds?: number }
  | { as: 'refusal'; error: string }
  | { as: 'lost_answer' }
  | { as: 'no_answer' }
);

export type Outage = Extract<Fault, { as: 'rate_limit' | 'server_error' | 'refusal' }>;

export const isOutage = (fault: Fault): fault is Outage =>
  fault.as !== 'lost_answer' && fault.as !== 'no_answer';

/** The first fault planned for the method, taken off the list. */
export function takeFault(faults: Fault[], method: string): Fault | undefined {
  const index = faults.findIndex((fault) => fault.method === method);
  return index < 0 ? undefined : faults.splice(index, 1)[0];
}

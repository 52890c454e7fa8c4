/**
 * Who may write to a session at the same time: its run, and after its end an answer in the chat and a piece of its review.
 * Each lane has one owner; the lane's epoch on the session row fences off one that has lost it.
 */
export type Lane = 'run' | 'chat' | 'review';

/** The column of `session` that holds the lane's epoch. */
export const epochColumns: Readonly<Record<Lane, string>> = {
  run: 'lease_epoch',
  chat: 'chat_epoch',
  review: 'review_epoch',
};

/** SQL: the epoch that the session row holds for the lane of another row. */
export const epochOfLane = (session: string, lane: string): string =>
  `case ${lane} ${Object.entries(epochColumns)
    .map(([name, column]) => `when '${name}' then ${session}.${column}`)
    .join(' ')} end`;

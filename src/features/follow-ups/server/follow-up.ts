import { epochColumns, type Lane } from '#src/features/sessions/server/index.ts';
import type { Sql } from '#src/server/db/database.ts';

/** Work on a session after its end: an answer in the chat, a score, learning from a person's review. */
export type FollowUpKind = 'chat' | 'score' | 'reflection';

/** Lanes run side by side; within one, the follow-ups of a session run one at a time, in the order of their arrival. */
export type FollowUpLane = Exclude<Lane, 'run'>;

export const kindsOfLane: Readonly<Record<FollowUpLane, readonly FollowUpKind[]>> = {
  chat: ['chat'],
  review: ['score', 'reflection'],
};

export const laneOf = (kind: FollowUpKind): FollowUpLane => (kind === 'chat' ? 'chat' : 'review');

/** SQL list of the states in which a follow-up holds its lane. */
export const OPEN_STATUSES = `('pending', 'running', 'waiting', 'cancelling')`;

/** What a handler is given to do. */
export type FollowUp = {
  id: string;
  sessionId: string;
  projectId: string;
  kind: FollowUpKind;
  author: string;
  authorId: string | null;
  /** The question, masked; empty for the other kinds. */
  content: string;
  data: Record<string, unknown>;
};

/** The right to run a follow-up. Every write names the epoch of its lane; a later claim makes it void. */
export type FollowUpClaim = {
  followUpId: string;
  sessionId: string;
  lane: FollowUpLane;
  epoch: number;
  attempts: number;
  resumed: boolean;
};

export type FollowUpPlace = { sessionId: string; lane: FollowUpLane };

/** Where a follow-up belongs; null when there is none with that id. */
export async function locateFollowUp(sql: Sql, followUpId: string): Promise<FollowUpPlace | null> {
  const { rows } = await sql.query<{ session_id: string; kind: FollowUpKind }>(
    'select session_id, kind from follow_up where id = $1',
    [followUpId],
  );
  const row = rows[0];
  return row ? { sessionId: row.session_id, lane: laneOf(row.kind) } : null;
}

/** Throws when it is gone. */
export async function loadFollowUp(sql: Sql, followUpId: string): Promise<FollowUp> {
  const { rows } = await sql.query<FollowUp>(
    `select f.id, f.session_id as "sessionId", s.project_id as "projectId", f.kind, f.author, f.author_id as "authorId", f.content, f.data
     from follow_up f join session s on s.id = f.session_id where f.id = $1`,
    [followUpId],
  );
  const row = rows[0];
  if (!row) throw new Error(`follow-up ${followUpId} does not exist`);
  return row;
}

/** Takes the session's lane under a new epoch, in the caller's transaction. */
export async function takeLane(sql: Sql, { sessionId, lane }: FollowUpPlace): Promise<number> {
  const column = epochColumns[lane];
  const { rows } = await sql.query<{ epoch: number }>(
    `update session set ${column} = ${column} + 1 where id = $1 returning ${column} as epoch`,
    [sessionId],
  );
  const row = rows[0];
  if (!row) throw new Error(`session ${sessionId} does not exist`);
  return row.epoch;
}

/** Locks the session before its follow-up, the order of every writer. */
export async function lockSession(sql: Sql, sessionId: string): Promise<void> {
  await sql.query('select 1 from session where id = $1 for no key update', [sessionId]);
}

import type { Database } from '../db/database.ts';
import type { Logger } from '../logger.ts';
import { type LogEvent, readLatest, readLog } from './event-log.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { openListenConnection } from './listen-connection.ts';
import { type ProjectListener, ProjectTicks } from './project-ticks.ts';
import { type Follower, SessionFeed, type Subscription } from './session-feed.ts';
import { CONCURRENT_READS, POLL_INTERVAL_MS, READ_RETRY_MS } from './tunables.ts';
import { type TypingListener, TypingWatch } from './typing.ts';
import type { WakeUp } from './wake-up.ts';

export type RelayState = 'listening' | 'polling' | 'stopped';

export type Relay = {
  /**
   * Follows a session from `after` (exclusive), which must not exceed its newest event. The follower gets every later
   * event once, in order. Access is the caller's business.
   */
  subscribe(options: { sessionId: string; after: number; follower: Follower }): Subscription;
  /** Hears of changes that the session list of a project shows, at most four times a second. */
  watchProject(projectId: string, listener: ProjectListener): Subscription;
  /** Hears who writes a question to the session, in any web process; nothing while LISTEN is down. */
  watchTyping(sessionId: string, listener: TypingListener): Subscription;
  /** `polling`: LISTEN is down, events arrive up to a second late. */
  state(): RelayState;
  /** `behind`: followers that have not got everything yet, since they joined late or read slowly. */
  stats(): { sessions: number; followers: number; behind: number; projects: number };
  close(): Promise<void>;
};

/**
 * Brings new events of the log to whoever follows them in this process: one LISTEN connection, woken once per appended
 * batch, reads only sessions that are followed here. Starts at once; works (slower) while LISTEN is down.
 */
export function createRelay(options: {
  database: Database;
  log: Logger;
  /** An event of the log as those who follow may see it. */
  showEvent?: (event: LogEvent) => LogEvent;
  /** Keys or memberships have changed, or may have while nobody listened. */
  onAccessChange?: () => void;
}): Relay {
  const { database, log, showEvent = (event) => event, onAccessChange = () => undefined } = options;
  const feeds = new Map<string, SessionFeed>();
  const ticks = new ProjectTicks();
  const typing = new TypingWatch();
  const limited = limitConcurrency(CONCURRENT_READS);
  const projectMarks = new Map<string, string>();
  let stopped = false;
  let polling = false;

  const wakeAll = async () => {
    if (feeds.size === 0) return;
    const latest = await limited(() => readLatest(database.pool, [...feeds.keys()]));
    for (const [sessionId, seq] of latest) feeds.get(sessionId)?.wake(seq);
  };

  /** What happened before a feed existed, or while nobody listened, has been announced to no one. */
  const catchUp = async (isNeeded: () => boolean): Promise<void> => {
    if (stopped || !isNeeded()) return;
    try {
      await wakeAll();
    } catch (error) {
      log.debug({ err: error }, 'newest events could not be read, trying again');
      setTimeout(() => void catchUp(isNeeded), READ_RETRY_MS).unref();
    }
  };

  const listen = openListenConnection({
    url: database.url,
    log,
    onWakeUp(wakeUp: WakeUp) {
      feeds.get(wakeUp.sessionId)?.wake(wakeUp.maxSeq);
      if (wakeUp.listChanged) ticks.note(wakeUp.projectId, wakeUp.sessionId);
    },
    onTyping: (message) => typing.tell(message),
    onAccessChange,
    onListening() {
      log.debug('relay listens');
      onAccessChange();
      projectMarks.clear();
      for (const projectId of ticks.watched) ticks.note(projectId);
      void catchUp(() => true);
    },
    onLost: () => log.warn('relay lost its LISTEN connection and polls until it is back'),
  });

  const poll = async () => {
    if (listen.listening() || polling || stopped) return;
    polling = true;
    try {
      await wakeAll();
      const marks = await readProjectMarks(database, ticks.watched);
      for (const [projectId, mark] of marks) {
        if (projectMarks.get(projectId) !== mark) ticks.note(projectId);
        projectMarks.set(projectId, mark);
      }
    } catch (error) {
      log.debug({ err: error }, 'poll for events failed');
    } finally {
      polling = false;
    }
  };
  const pollTimer = setInterval(() => void poll(), POLL_INTERVAL_MS);

  return {
    subscribe({ sessionId, after, follower }) {
      const known = feeds.get(sessionId);
      const feed =
        known ??
        new SessionFeed(
          {
            log,
            read: async (from, upTo) =>
              (await limited(() => readLog(database.pool, { sessionId, after: from, upTo }))).map(showEvent),
          },
          after,
        );
      const subscription = feed.follow(follower, after);
      if (!known) {
        feeds.set(sessionId, feed);
        void catchUp(() => feeds.get(sessionId) === feed);
      }
      return {
        close() {
          subscription.close();
          if (feed.followers === 0 && feeds.get(sessionId) === feed) feeds.delete(sessionId);
        },
      };
    },
    watchProject: (projectId, listener) => ticks.watch(projectId, listener),
    watchTyping: (sessionId, listener) => typing.watch(sessionId, listener),
    state: () => (stopped ? 'stopped' : listen.listening() ? 'listening' : 'polling'),
    stats: () => ({
      sessions: feeds.size,
      followers: [...feeds.values()].reduce((sum, feed) => sum + feed.followers, 0),
      behind: [...feeds.values()].reduce((sum, feed) => sum + feed.behind, 0),
      projects: ticks.watched.length,
    }),
    async close() {
      if (stopped) return;
      stopped = true;
      clearInterval(pollTimer);
      ticks.close();
      for (const feed of feeds.values()) feed.close();
      feeds.clear();
      await listen.close();
    },
  };
}

/** Changes whenever a session of the project begins, ends or gets an event: all that a poll can notice cheaply. */
async function readProjectMarks(
  database: Database,
  projectIds: readonly string[],
): Promise<Map<string, string>> {
  if (projectIds.length === 0) return new Map();
  const { rows } = await database.pool.query<{ id: string; mark: string }>(
    `select p.id, count(s.id) || ':' || coalesce(sum(s.last_seq), 0) as mark
     from unnest($1::uuid[]) as p (id)
     left join session s on s.project_id = p.id and s.status in ('pending', 'running', 'waiting', 'cancelling')
     group by p.id`,
    [projectIds],
  );
  return new Map(rows.map((row) => [row.id, row.mark]));
}

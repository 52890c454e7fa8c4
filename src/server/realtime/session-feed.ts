import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import type { LogEvent } from './event-log.ts';
import { READ_RETRY_MS } from './tunables.ts';

/** Somebody who follows a session. Gets every event above its cursor once, in order. */
export type Follower = {
  /** Takes a contiguous run of events. */
  send(events: readonly LogEvent[]): void;
  /** Whether it can take more now. */
  ready(): boolean;
  /** Resolves with true as soon as it can, with false when it is given up. */
  whenReady(): Promise<boolean>;
};

export type Subscription = { close(): void };

type Entry = { follower: Follower; cursor: number; mode: 'catching-up' | 'live' | 'closed' };

export type FeedSource = {
  /** Events in (after, upTo], ascending; a part of them if there are many, none if they no longer exist. */
  read(after: number, upTo: number): Promise<LogEvent[]>;
  log: Logger;
};

/**
 * The events of one session for all who follow it in this process. Events are read once and given to everyone who is
 * `live`; a follower that joins late, or could not take a batch, reads on its own from its cursor (`catching-up`)
 * until it has reached the feed's position, and is live from that very step: JavaScript runs nothing in between.
 */
export class SessionFeed {
  readonly #source: FeedSource;
  readonly #entries = new Set<Entry>();
  /** Number of the last event that was given to live followers. */
  #position: number;
  /** Number of the newest event known to exist. */
  #target: number;
  #pumping = false;

  /** `from`: the cursor of the first follower, at most the number of the newest event. */
  constructor(source: FeedSource, from: number) {
    this.#source = source;
    this.#position = from;
    this.#target = from;
  }

  get followers(): number {
    return this.#entries.size;
  }

  /** Followers that still read on their own: they joined late, or their line is slow. */
  get behind(): number {
    return [...this.#entries].filter((entry) => entry.mode === 'catching-up').length;
  }

  follow(follower: Follower, after: number): Subscription {
    const entry: Entry = { follower, cursor: after, mode: 'catching-up' };
    this.#entries.add(entry);
    void this.#catchUp(entry);
    return {
      close: () => {
        entry.mode = 'closed';
        this.#entries.delete(entry);
      },
    };
  }

  /** Says that events up to `seq` exist. Calls during a read are folded into the next one. */
  wake(seq: number): void {
    this.#target = Math.max(this.#target, seq);
    void this.#pump();
  }

  close(): void {
    for (const entry of this.#entries) entry.mode = 'closed';
    this.#entries.clear();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#position < this.#target && this.#entries.size > 0) {
      const live = [...this.#entries].some((entry) => entry.mode === 'live');
      const events = live ? await this.#read(this.#position, this.#target) : [];
      // Nobody to read for, or rows that retention has removed: whoever comes later reads on its own.
      this.#position = events.at(-1)?.seq ?? this.#target;
      for (const entry of [...this.#entries]) if (entry.mode === 'live') this.#give(entry, events);
    }
    this.#pumping = false;
  }

  #give(entry: Entry, events: readonly LogEvent[]): void {
    const fresh = events.filter((event) => event.seq > entry.cursor);
    const first = fresh[0];
    if (!first) return;
    if (first.seq !== entry.cursor + 1 || !entry.follower.ready()) {
      entry.mode = 'catching-up';
      void this.#catchUp(entry);
      return;
    }
    entry.follower.send(fresh);
    entry.cursor = fresh.at(-1)?.seq ?? entry.cursor;
  }

  async #catchUp(entry: Entry): Promise<void> {
    const isOpen = () => entry.mode !== 'closed';
    while (isOpen()) {
      if (!entry.follower.ready() && !(await entry.follower.whenReady())) {
        entry.mode = 'closed';
        this.#entries.delete(entry);
        return;
      }
      if (!isOpen()) return;
      if (entry.cursor >= this.#position) {
        entry.mode = 'live';
        void this.#pump();
        return;
      }
      const upTo = this.#position;
      const events = await this.#read(entry.cursor, upTo);
      if (!isOpen()) return;
      // Full again meanwhile (it follows other sessions too): these are read anew, not kept.
      if (!entry.follower.ready()) continue;
      if (events.length > 0) entry.follower.send(events);
      entry.cursor = events.at(-1)?.seq ?? upTo;
    }
  }

  /** Tries until it succeeds or nobody follows any more: a database that restarts must not lose a follower. */
  async #read(after: number, upTo: number): Promise<LogEvent[]> {
    while (this.#entries.size > 0) {
      try {
        return await this.#source.read(after, upTo);
      } catch (error) {
        this.#source.log.warn({ err: error }, 'events could not be read, trying again');
        await sleep(READ_RETRY_MS);
      }
    }
    return [];
  }
}

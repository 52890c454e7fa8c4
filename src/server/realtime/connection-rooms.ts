import { actorName, type Principal, requireAccess } from '../auth/principal.ts';
import { AppError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Kernel } from '../kernel.ts';
import { checkProjectAccess, checkSessionAccess } from './check-room-access.ts';
import type { LogEvent } from './event-log.ts';
import type { Outbox } from './outbox.ts';
import type { Relay } from './relay.ts';
import type { Subscription } from './session-feed.ts';
import { splitMessages } from './split-messages.ts';
import { JOINED_PROJECTS_MAX, JOINED_SESSIONS_MAX, TYPING_INTERVAL_MS } from './tunables.ts';
import { announceTyping } from './typing.ts';

export type RoomOutput = {
  sendEvents(sessionId: string, events: LogEvent[]): void;
  sendChanged(sessionIds: string[]): void;
  sendTyping(sessionId: string, name: string): void;
  /** The client does not read: end its connection, it will come back with its cursor. */
  giveUp(): void;
};

type Room = { projectId?: string; subscription?: Subscription; typing?: Subscription };

/** The sessions and projects that one connection watches. Nothing is joined before the access check has passed. */
export class ConnectionRooms {
  readonly #kernel: Kernel;
  readonly #relay: Relay;
  readonly #outbox: Outbox;
  readonly #output: RoomOutput;
  readonly #sessions = new Map<string, Room>();
  readonly #projects = new Map<string, Room>();
  /** Tells our own typing from that of others. */
  readonly #id = newId();
  #typedAtMs = Number.NEGATIVE_INFINITY;
  #principal: Principal;
  #closed = false;

  constructor(options: {
    kernel: Kernel;
    relay: Relay;
    principal: Principal;
    outbox: Outbox;
    output: RoomOutput;
  }) {
    this.#kernel = options.kernel;
    this.#relay = options.relay;
    this.#principal = options.principal;
    this.#outbox = options.outbox;
    this.#output = options.output;
  }

  /** Joins, or joins again with another cursor. */
  async joinSession(request: {
    project: string;
    sessionId: string;
    after: number;
  }): Promise<{ latest: number }> {
    const { sessionId, after } = request;
    const room = this.#open(this.#sessions, sessionId, JOINED_SESSIONS_MAX);
    try {
      const { projectId, latest } = await checkSessionAccess(this.#kernel, this.#principal, request);
      // Left, joined anew or disconnected meanwhile: whoever came later decides.
      if (this.#sessions.get(sessionId) !== room)
        throw new AppError('conflict', 'Superseded by a later request.');
      room.projectId = projectId;
      // The answer goes out before the first event, since the subscription begins after this turn.
      setImmediate(() => this.#follow(room, sessionId, after));
      return { latest };
    } catch (error) {
      if (this.#sessions.get(sessionId) === room) this.#sessions.delete(sessionId);
      throw error;
    }
  }

  leaveSession(sessionId: string): void {
    closeRoom(this.#sessions.get(sessionId));
    this.#sessions.delete(sessionId);
  }

  /** Tells the others in the room that this person writes; more often than it is of use, it is dropped. */
  async tellTyping(sessionId: string): Promise<void> {
    const projectId = this.#sessions.get(sessionId)?.projectId;
    if (!projectId) throw new AppError('conflict', 'Join the session first.');
    requireAccess(this.#principal, projectId, 'operator');
    const now = performance.now();
    if (now - this.#typedAtMs < TYPING_INTERVAL_MS) return;
    this.#typedAtMs = now;
    const name = actorName(this.#principal);
    await announceTyping(this.#kernel.database.pool, { sessionId, name, connection: this.#id });
  }

  async joinProject(slug: string): Promise<void> {
    const room = this.#open(this.#projects, slug, JOINED_PROJECTS_MAX);
    try {
      const projectId = await checkProjectAccess(this.#kernel, this.#principal, slug);
      if (this.#projects.get(slug) !== room) throw new AppError('conflict', 'Superseded by a later request.');
      room.projectId = projectId;
      room.subscription = this.#relay.watchProject(projectId, (ids) => this.#output.sendChanged(ids));
    } catch (error) {
      if (this.#projects.get(slug) === room) this.#projects.delete(slug);
      throw error;
    }
  }

  /** Takes over what the principal may do now. False when it may no longer see something that it has joined. */
  recheck(principal: Principal): boolean {
    this.#principal = principal;
    try {
      for (const room of [...this.#sessions.values(), ...this.#projects.values()]) {
        if (room.projectId) requireAccess(principal, room.projectId, 'viewer');
      }
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#closed = true;
    for (const room of [...this.#sessions.values(), ...this.#projects.values()]) closeRoom(room);
    this.#sessions.clear();
    this.#projects.clear();
  }

  #open(rooms: Map<string, Room>, key: string, limit: number): Room {
    if (this.#closed) throw new AppError('conflict', 'The connection has ended.');
    if (!rooms.has(key) && rooms.size >= limit) {
      throw new AppError('too_many_requests', `At most ${limit} can be watched on one connection.`);
    }
    closeRoom(rooms.get(key));
    const room: Room = {};
    rooms.set(key, room);
    return room;
  }

  #follow(room: Room, sessionId: string, after: number): void {
    if (this.#sessions.get(sessionId) !== room) return;
    room.typing = this.#relay.watchTyping(sessionId, ({ name, connection }) => {
      if (connection !== this.#id) this.#output.sendTyping(sessionId, name);
    });
    room.subscription = this.#relay.subscribe({
      sessionId,
      after,
      follower: {
        send: (events) => {
          for (const message of splitMessages(events)) this.#output.sendEvents(sessionId, message);
        },
        ready: () => this.#outbox.ready(),
        whenReady: async () => {
          const drained = await this.#outbox.whenReady();
          if (!drained && this.#sessions.get(sessionId) === room) this.#output.giveUp();
          return drained;
        },
      },
    });
  }
}

function closeRoom(room: Room | undefined): void {
  room?.subscription?.close();
  room?.typing?.close();
}

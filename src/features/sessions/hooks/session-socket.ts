import type { Socket } from 'socket.io-client';
import type { SessionEvent } from '../schema.ts';
import type { FeedSource } from './session-feed.ts';
import { JOIN_TIMEOUT_MS } from './tunables.ts';

type JoinReply = { ok: true; latest: number } | { ok: false; code: string; message: string };

type ServerToClient = {
  'session:events': (message: { sessionId: string; events: SessionEvent[] }) => void;
  'project:changed': (message: { sessionIds: string[] }) => void;
};
type ClientToServer = {
  'session:join': (
    request: { project: string; sessionId: string; after: number },
    ack: (reply: JoinReply) => void,
  ) => void;
  'session:leave': (request: { sessionId: string }) => void;
  'project:join': (request: { project: string }, ack: (reply: JoinReply) => void) => void;
};

/** The socket with the messages of this feature. */
export type SessionSocket = Socket<ServerToClient, ClientToServer>;

/** Joins the room of a session, again after each reconnect, and leaves it in the end. */
export function subscribeToSession(
  socket: SessionSocket,
  place: { project: string; sessionId: string },
  listener: Parameters<FeedSource['subscribe']>[0],
): () => void {
  const onEvents = (message: { sessionId: string; events: SessionEvent[] }) => {
    if (message.sessionId === place.sessionId) listener.events(message.events);
  };
  const join = () => {
    socket
      .timeout(JOIN_TIMEOUT_MS)
      .emit('session:join', { ...place, after: listener.cursor() }, (error, reply) =>
        listener.connected(!error && reply.ok),
      );
  };
  const lost = () => listener.connected(false);
  socket.on('session:events', onEvents);
  socket.on('connect', join);
  socket.on('disconnect', lost);
  socket.on('connect_error', lost);
  if (socket.connected) join();
  return () => {
    socket.off('session:events', onEvents);
    socket.off('connect', join);
    socket.off('disconnect', lost);
    socket.off('connect_error', lost);
    if (socket.connected) socket.emit('session:leave', { sessionId: place.sessionId });
  };
}

/** Calls back when something that a list shows has changed in the project, and after each reconnect. */
export function subscribeToProject(socket: SessionSocket, project: string, onChange: () => void): () => void {
  const join = () => socket.timeout(JOIN_TIMEOUT_MS).emit('project:join', { project }, () => onChange());
  socket.on('project:changed', onChange);
  socket.on('connect', join);
  if (socket.connected) join();
  return () => {
    socket.off('project:changed', onChange);
    socket.off('connect', join);
  };
}

'use client';
import { useEffect, useMemo, useState } from 'react';
import type { Socket } from 'socket.io-client';
import { getSocket } from '#src/components/data/socket.ts';
import { createTypingTeller, type TypingTeller } from './tell-typing.ts';
import { TYPING_SHOWN_MS } from './tunables.ts';

type TypingSocket = Socket<
  { 'session:typing': (message: { sessionId: string; name: string }) => void },
  { 'session:typing': (request: { sessionId: string }) => void }
>;

/** Who else writes a question to this session now, and how to tell them that we do. Nothing of it is kept. */
export function useTyping(sessionId: string): { names: readonly string[]; teller: TypingTeller } {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    const socket: TypingSocket = getSocket();
    const timers = new Map<string, ReturnType<typeof setTimeout>>();
    const forget = (name: string) => {
      timers.delete(name);
      setNames((before) => before.filter((other) => other !== name));
    };
    const onTyping = (message: { sessionId: string; name: string }) => {
      if (message.sessionId !== sessionId) return;
      const { name } = message;
      clearTimeout(timers.get(name));
      timers.set(
        name,
        setTimeout(() => forget(name), TYPING_SHOWN_MS),
      );
      setNames((before) => (before.includes(name) ? before : [...before, name]));
    };
    socket.on('session:typing', onTyping);
    return () => {
      socket.off('session:typing', onTyping);
      for (const timer of timers.values()) clearTimeout(timer);
      setNames([]);
    };
  }, [sessionId]);
  const teller = useMemo(
    () =>
      createTypingTeller(() => {
        const socket: TypingSocket = getSocket();
        if (socket.connected) socket.emit('session:typing', { sessionId });
      }),
    [sessionId],
  );
  useEffect(() => () => teller.rest(), [teller]);
  return { names, teller };
}

import type { Socket } from 'socket.io';
import { DRAIN_TIMEOUT_MS, PENDING_MESSAGES_MAX } from './tunables.ts';

type Connection = Socket['conn'];

/** What waits to be written to one browser, so that nobody fills memory for a client that does not read. */
export type Outbox = {
  /** Whether it takes another message. */
  ready(): boolean;
  /** Resolves with true when everything that waited has been written; with false when that takes too long or it closed. */
  whenReady(): Promise<boolean>;
};

/** Counts the packets that engine.io could not hand to the network yet; its own buffer has no bound. */
export function watchOutbox(connection: Connection): Outbox {
  let pending = 0;
  connection.on('packetCreate', () => {
    pending += 1;
  });
  connection.on('drain', () => {
    pending = 0;
  });
  let waiting: Promise<boolean> | undefined;
  const waitForDrain = () =>
    new Promise<boolean>((resolve) => {
      const settle = (drained: boolean) => {
        clearTimeout(timer);
        connection.off('drain', onDrain);
        connection.off('close', onClose);
        waiting = undefined;
        resolve(drained);
      };
      const onDrain = () => settle(true);
      const onClose = () => settle(false);
      const timer = setTimeout(() => settle(false), DRAIN_TIMEOUT_MS);
      connection.on('drain', onDrain);
      connection.on('close', onClose);
    });
  return {
    ready: () => pending < PENDING_MESSAGES_MAX,
    whenReady() {
      if (connection.readyState !== 'open') return Promise.resolve(false);
      if (pending === 0) return Promise.resolve(true);
      waiting ??= waitForDrain();
      return waiting;
    },
  };
}

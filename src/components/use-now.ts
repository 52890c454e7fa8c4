'use client';
import { useSyncExternalStore } from 'react';

/** One timer per interval for all that show time; it stops when nobody looks. */
type Ticker = { subscribe: (listener: () => void) => () => void; read: () => number };
const tickers = new Map<number, Ticker>();

function createTicker(intervalMs: number): Ticker {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | null = null;
  const tick = () => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    read: () => now,
    subscribe(listener) {
      listeners.add(listener);
      if (timer === null) {
        now = Date.now();
        timer = setInterval(tick, intervalMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === null) return;
        clearInterval(timer);
        timer = null;
      };
    },
  };
}

/** The same object each time: a new `subscribe` would make React subscribe anew with each render. */
function tickerFor(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known) return known;
  const ticker = createTicker(intervalMs);
  tickers.set(intervalMs, ticker);
  return ticker;
}

const SERVER_NOW = 0;
const readOnServer = () => SERVER_NOW;

/** The time now in milliseconds, renewed every `intervalMs`. */
export function useNow(intervalMs: number): number {
  const { subscribe, read } = tickerFor(intervalMs);
  return useSyncExternalStore(subscribe, read, readOnServer);
}

'use client';
import { useSyncExternalStore } from 'react';

/** One timer per interval for all that show time; it stops when nobody looks. */
type Ticker = { now: number; timer: ReturnType<typeof setInterval> | null; listeners: Set<() => void> };
const tickers = new Map<number, Ticker>();

function tickerFor(intervalMs: number): Ticker {
  const known = tickers.get(intervalMs);
  if (known) return known;
  const ticker: Ticker = { now: Date.now(), timer: null, listeners: new Set() };
  tickers.set(intervalMs, ticker);
  return ticker;
}

function subscribe(ticker: Ticker, intervalMs: number, listener: () => void): () => void {
  ticker.listeners.add(listener);
  if (!ticker.timer) {
    ticker.now = Date.now();
    ticker.timer = setInterval(() => {
      ticker.now = Date.now();
      for (const each of ticker.listeners) each();
    }, intervalMs);
  }
  return () => {
    ticker.listeners.delete(listener);
    if (ticker.listeners.size === 0 && ticker.timer) {
      clearInterval(ticker.timer);
      ticker.timer = null;
    }
  };
}

const SERVER_NOW = 0;

/** The time now in milliseconds, renewed every `intervalMs`. */
export function useNow(intervalMs: number): number {
  const ticker = tickerFor(intervalMs);
  return useSyncExternalStore(
    (listener) => subscribe(ticker, intervalMs, listener),
    () => ticker.now,
    () => SERVER_NOW,
  );
}

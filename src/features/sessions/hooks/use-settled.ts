'use client';
import { useEffect, useState } from 'react';

/** A value that follows another one at most every `intervalMs`. */
export function useSettled<T>(value: T, intervalMs: number): T {
  const [settled, setSettled] = useState({ value, at: 0 });
  useEffect(() => {
    if (settled.value === value) return;
    const wait = Math.max(0, settled.at + intervalMs - Date.now());
    const timer = setTimeout(() => setSettled({ value, at: Date.now() }), wait);
    return () => clearTimeout(timer);
  }, [value, settled, intervalMs]);
  return settled.value;
}

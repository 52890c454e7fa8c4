type Entry<T> = { value: Promise<T>; expiresAt: number };

export type ExpiringCache<T> = {
  get(key: string, load: () => Promise<T>): Promise<T>;
  /** Forgets everything, also what is being loaded: it may have been read before the change that made this necessary. */
  clear(): void;
};

/**
 * Remembers loaded values for `ttlMs`, at most `size` of them (oldest out first). Callers that ask at once share one
 * load; a load that fails is not remembered.
 */
export function createExpiringCache<T>(options: {
  ttlMs: number;
  size: number;
  now?: () => number;
}): ExpiringCache<T> {
  const now = options.now ?? Date.now;
  const entries = new Map<string, Entry<T>>();
  return {
    get(key, load) {
      const known = entries.get(key);
      if (known && known.expiresAt > now()) return known.value;
      entries.delete(key);
      const entry: Entry<T> = { value: load(), expiresAt: now() + options.ttlMs };
      entries.set(key, entry);
      entry.value.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      for (const oldest of entries.keys()) {
        if (entries.size <= options.size) break;
        entries.delete(oldest);
      }
      return entry.value;
    },
    clear: () => entries.clear(),
  };
}

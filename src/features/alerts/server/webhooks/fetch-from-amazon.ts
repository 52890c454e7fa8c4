import { AMAZON_MAX_BYTES, AMAZON_TIMEOUT_MS, AMAZON_TRIES } from './tunables.ts';

/** Reads a small text of one of Amazon's hosts. The address has been checked (`amazon-address.ts`). */
export type FetchFromAmazon = (url: URL, signal: AbortSignal) => Promise<string>;

/** The real one: bounded in time, size and tries, and never led elsewhere. Throws when there is no 200. */
export const fetchFromAmazon: FetchFromAmazon = async (url, signal) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(url, AbortSignal.any([signal, AbortSignal.timeout(AMAZON_TIMEOUT_MS)]));
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= AMAZON_TRIES) throw error;
    }
  }
};

async function request(url: URL, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: 'error' });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url.hostname} answered ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > AMAZON_MAX_BYTES)
      throw new Error(`${url.hostname} answered more than ${AMAZON_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

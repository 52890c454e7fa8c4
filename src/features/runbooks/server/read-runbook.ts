import { isRunbookName } from '#src/lib/runbook-name.ts';
import { storable } from '#src/lib/storable-text.ts';
import { resolveAlertMasking } from '#src/server/config/index.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { createMasker } from '#src/server/masking/index.ts';
import { cacheKey } from './cache-document.ts';
import { fetchText } from './fetch-text.ts';
import { readLocalRunbook } from './local-runbooks.ts';
import { planDocumentFetch } from './plan-fetch.ts';
import { type ReadDocument, readThroughCache } from './read-through-cache.ts';
import { RunbookError } from './runbook-error.ts';
import { RUNBOOK_MAX_BYTES } from './tunables.ts';

/**
 * The text of a runbook, masked: a file of the installation, or a document fetched from an allow-listed host, through the
 * cache. The note says when it is an old copy.
 * @throws RunbookError in words
 */
export async function readRunbook(
  kernel: Kernel,
  options: { reference: string; signal: AbortSignal },
): Promise<ReadDocument> {
  const { reference, signal } = options;
  const config = kernel.config.current();
  const masking = resolveAlertMasking(config);
  const masker = createMasker(masking);
  const clean = (text: string) => storable(masker.text(text));
  if (isRunbookName(reference)) {
    return { content: clean(await readLocalRunbook(kernel.env, reference)), note: null };
  }
  if (!URL.canParse(reference))
    throw new RunbookError(`"${reference}" is no address and no file of runbooks/`);
  const plan = planDocumentFetch(config.runbooks, reference);
  return readThroughCache(kernel, {
    key: cacheKey('document', reference, { url: plan.url, masking }),
    async fetch(etag) {
      const { allowedDomains } = config.runbooks;
      const fetched = await fetchText({ plan, allowedDomains, maxBytes: RUNBOOK_MAX_BYTES, etag, signal });
      return fetched === 'unchanged' ? null : { content: clean(fetched.text), etag: fetched.etag };
    },
  });
}

import { isRunbookName } from '#src/lib/runbook-name.ts';
import type { FieldIssue } from '#src/server/errors.ts';
import type { Kernel } from '#src/server/kernel.ts';
import { findHostProblem } from './check-host.ts';
import { hasLocalRunbook } from './local-runbooks.ts';

/** What is wrong with the runbook that an alert brings, as an issue of its field; empty when it may be fetched. */
export async function checkRunbook(kernel: Kernel, reference: string | null): Promise<FieldIssue[]> {
  if (reference === null) return [];
  const message = await findProblem(kernel, reference);
  return message === null ? [] : [{ path: 'runbook', message }];
}

async function findProblem(kernel: Kernel, reference: string): Promise<string | null> {
  if (isRunbookName(reference)) {
    return (await hasLocalRunbook(kernel.env, reference)) ? null : `there is no runbooks/${reference}`;
  }
  return findHostProblem(reference, kernel.config.current().runbooks.allowedDomains);
}

/** Whether an address that came along with an alert (an annotation) may be used as its runbook. */
export const isUsableRunbook = (kernel: Kernel, address: string): boolean =>
  findHostProblem(address, kernel.config.current().runbooks.allowedDomains) === null;

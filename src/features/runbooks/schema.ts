import { z } from 'zod';
import { isRunbookName } from '#src/lib/runbook-name.ts';

/** Runbooks as people and programs name, list and read them; shared by REST, tRPC, the submit form and the CLI. */

/** What an alert may bring: a web address, or a file of the installation's own `runbooks` folder. */
export const runbookReferenceSchema = z.union(
  [
    z.url({ protocol: /^https?$/ }).max(2_000),
    z.string().refine(isRunbookName, 'the path of a Markdown file below runbooks/'),
  ],
  { error: () => 'an http(s) address, or the path of a Markdown file below runbooks/' },
);

export const runbookEntrySchema = z.object({
  /** File name without folder and ending, for people. */
  name: z.string(),
  /** Folder and file, as in the repository. */
  path: z.string(),
  /** What an alert's `runbook` takes. */
  url: z.string(),
  source: z.enum(['repository', 'files']),
});
export type RunbookEntry = z.infer<typeof runbookEntrySchema>;

export const runbookListSchema = z.object({
  items: z.array(runbookEntrySchema),
  nextCursor: z.string().nullable(),
  /** Why the list is old or not whole, in words; null when it is as it should be. */
  note: z.string().nullable(),
});
export type RunbookList = z.infer<typeof runbookListSchema>;

/** The runbook of one session, as its agents read it. */
export const sessionRunbookSchema = z.object({
  text: z.string().nullable(),
  /** Where the text came from; null when there is none. */
  source: z.string().nullable(),
  /** Why there is none, another one, or an old copy. */
  note: z.string().nullable(),
});
export type SessionRunbook = z.infer<typeof sessionRunbookSchema>;

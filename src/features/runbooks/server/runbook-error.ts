/** A runbook that cannot be read. The message is for people and holds no secret beyond the address. */
export class RunbookError extends Error {
  override name = 'RunbookError';
}

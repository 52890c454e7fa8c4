/** A start that cannot go on for a reason the operator can act on. The message is one line and names the remedy. */
export class StartError extends Error {
  override name = 'StartError';
}

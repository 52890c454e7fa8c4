/** The command was given wrongly: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command could not do what it was asked: exit code 1. The message is one line for the operator. */
export class CommandError extends Error {
  override name = 'CommandError';
}

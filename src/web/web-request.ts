import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '#src/server/logger.ts';

/** One request on its way through the server. */
export type WebRequest = {
  req: IncomingMessage;
  res: ServerResponse;
  url: URL;
  requestId: string;
  log: Logger;
};

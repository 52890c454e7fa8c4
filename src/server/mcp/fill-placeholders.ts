import type { McpTransportConfig } from '../config/schema.ts';

/** Whose clients these are; a server with sandboxes keeps them apart by it. */
export type ClientOwner = { executionId: string; sessionId?: string | undefined };

/** `{{executionId}}` and `{{sessionId}}` in headers, environment and addresses of a transport, replaced. */
export function fillPlaceholders(transport: McpTransportConfig, owner: ClientOwner): McpTransportConfig {
  const fill = (text: string) =>
    text
      .replaceAll('{{executionId}}', owner.executionId)
      .replaceAll('{{sessionId}}', owner.sessionId ?? owner.executionId);
  const fillAll = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
  switch (transport.type) {
    case 'stdio':
      return { ...transport, args: transport.args.map(fill), env: fillAll(transport.env) };
    case 'http':
    case 'sse': {
      const { cleanupUrl } = transport;
      return {
        ...transport,
        url: fill(transport.url),
        headers: fillAll(transport.headers),
        ...(cleanupUrl === undefined ? {} : { cleanupUrl: fill(cleanupUrl) }),
      };
    }
  }
}

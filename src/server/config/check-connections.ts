import { checkProvider, type Report } from './check-names.ts';
import type { ConfigPath } from './interpolate-env.ts';
import type { Config, LlmProviderConfig, McpTransportConfig, Promotion } from './schema.ts';

/** Tools of this name are never asked for: they are the product's own. */
const OWN_TOOLS = 'tars';

/** Providers and MCP servers: what each needs to be usable at all. */
export function checkConnections(config: Config, report: Report): void {
  for (const [name, provider] of Object.entries(config.llmProviders)) {
    if (provider.type === 'openai-compatible' && provider.baseUrl === undefined) {
      report(['llmProviders', name, 'baseUrl'], 'nothing', 'the address of the openai-compatible server');
    }
    checkPromotions(provider, ['llmProviders', name, 'promotions'], report);
    if (provider.maxOutputTokens >= provider.contextTokens) {
      const expected = `fewer than contextTokens (${provider.contextTokens})`;
      report(['llmProviders', name, 'maxOutputTokens'], String(provider.maxOutputTokens), expected);
    }
  }
  checkEmbedding(config, report);
  for (const [name, server] of Object.entries(config.mcpServers)) {
    const path = ['mcpServers', name, 'summarization', 'llmProvider'];
    checkProvider(config, server.summarization?.llmProvider, path, report);
    checkSignIn(server.transport, ['mcpServers', name, 'transport'], report);
    if (name === OWN_TOOLS) report(['mcpServers', name], 'the name of the own tools of TARS', 'another name');
  }
}

/** At any time one price holds. */
function checkPromotions({ promotions = [] }: LlmProviderConfig, path: ConfigPath, report: Report): void {
  const spanOf = ({ from, until }: Promotion) => `from ${from} until ${until}`;
  for (const [index, promotion] of promotions.entries()) {
    if (promotion.from >= promotion.until)
      report([...path, index, 'until'], promotion.until, `a time after from (${promotion.from})`);
    const other = promotions
      .slice(0, index)
      .findIndex(({ from, until }) => from < promotion.until && promotion.from < until);
    const earlier = promotions[other];
    if (earlier === undefined) continue;
    const found = `${spanOf(promotion)}, while promotions[${other}] holds ${spanOf(earlier)}`;
    report([...path, index], found, 'promotions that do not overlap');
  }
}

function checkSignIn(transport: McpTransportConfig, path: ConfigPath, report: Report): void {
  if (transport.type === 'stdio' || !transport.auth) return;
  const { grant, clientId, clientSecret, perUser } = transport.auth;
  const at = [...path, 'auth'];
  if (grant === 'client_credentials') {
    if (perUser)
      report([...at, 'perUser'], 'true', 'no perUser: with client_credentials it is TARS that signs in');
    if (clientId === undefined)
      report(
        [...at, 'clientId'],
        'nothing',
        'the id of the client: client_credentials needs clientId and clientSecret',
      );
    if (clientSecret === undefined)
      report(
        [...at, 'clientSecret'],
        'nothing',
        'the secret: client_credentials needs clientId and clientSecret',
      );
  } else if (clientSecret !== undefined && clientId === undefined) {
    report([...at, 'clientId'], 'nothing', 'the id of the client that clientSecret belongs to');
  }
  const header = Object.keys(transport.headers).find((name) => name.toLowerCase() === 'authorization');
  if (header !== undefined)
    report([...path, 'headers', header], 'a header beside auth', 'either auth or an Authorization header');
  if (transport.url.includes('{{'))
    report([...path, 'url'], 'a placeholder', 'one address for everybody, since a sign-in belongs to one');
}

/** Types whose SDK has models for embeddings. */
const EMBEDDING_TYPES: readonly string[] = ['openai', 'google', 'vertex', 'openai-compatible'];

function checkEmbedding(config: Config, report: Report): void {
  const name = config.memory.embedding?.provider;
  const path = ['memory', 'embedding', 'provider'];
  checkProvider(config, name, path, report);
  const type = name === undefined ? undefined : config.llmProviders[name]?.type;
  if (type === undefined || EMBEDDING_TYPES.includes(type)) return;
  report(path, `${JSON.stringify(name)} of type ${type}`, `a provider of type ${EMBEDDING_TYPES.join(', ')}`);
}

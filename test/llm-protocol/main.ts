/**
 * A scripted model as its own process, for tests that kill processes or start the whole product.
 *
 *   node test/llm-protocol/main.ts --kind openai-compatible --script script.json [--port 4010] [--key KEY]
 *     [--with-parent]
 *
 * `script.json` is a script file (rules, turns, fallback; see script.ts). The first line on standard output is
 * `{"port", "baseUrl", "controlUrl"}`. Under `controlUrl`: `GET requests`, `GET blocked`, `POST release/{gate}`,
 * `POST script` with a new script file. Ends on SIGTERM or SIGINT, with `--with-parent` also when its parent is gone.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { scriptFileSchema } from './script.ts';
import { startProtocolServer } from './start-protocol-server.ts';

const PARENT_CHECK_MS = 500;

const optionsSchema = z.object({
  kind: z
    .enum(['openai', 'openai-compatible', 'anthropic', 'google', 'vertex', 'xai'])
    .default('openai-compatible'),
  script: z.string(),
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  key: z.string().optional(),
});

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    script: { type: 'string' },
    port: { type: 'string' },
    key: { type: 'string' },
    'with-parent': { type: 'boolean', default: false },
  },
});
const options = optionsSchema.parse(values);
const server = await startProtocolServer({
  kind: options.kind,
  script: scriptFileSchema.parse(JSON.parse(readFileSync(options.script, 'utf8'))),
  port: options.port,
  control: true,
  ...(options.key === undefined ? {} : { apiKey: options.key }),
});
const address = {
  port: server.port,
  baseUrl: server.baseUrl,
  controlUrl: `http://127.0.0.1:${server.port}/control`,
};
process.stdout.write(`${JSON.stringify(address)}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

if (values['with-parent'] === true) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, PARENT_CHECK_MS).unref();
}

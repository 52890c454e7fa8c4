import { expect, test } from 'vitest';
import { itemsOf, resultsIn, sentText } from '#test/agent-runs.ts';
import { useHubRuns } from '#test/authorization-server/hub-runs.ts';
import { findInDatabase } from '#test/dump-database.ts';
import { urlFixture } from '#test/mcp-servers/fixture-config.ts';
import { rowsOf } from '#test/runs.ts';
import { INSTALLATION } from './credential.ts';

/** The leader looks every five seconds, at a server that waits for a sign-in every three. */
const MONITOR_LIMIT_MS = 30_000;

const bed = useHubRuns();
const { runs } = bed;

const withHub = () => ({ mcpServers: { box: urlFixture('http', runs.box.url), hub: bed.server() } });

const warnings = async () =>
  (
    await rowsOf<{ message: string }>(
      runs.database,
      `select message from system_warning where key = 'mcp:hub'`,
      [],
    )
  ).map(({ message }) => message);
const statusOfHub = async () =>
  (
    await rowsOf<{ status: string }>(
      runs.database,
      `select status from mcp_server_status where name = 'hub'`,
      [],
    )
  )[0]?.status;

test('a run goes on without a server that needs sign-in, and says so; after the sign-in the next run uses it', async () => {
  const without = await runs.run({ script: ['Looked without the hub.'], config: withHub() });
  expect(without.status).toBe('completed');
  const reason = 'needs sign-in: nobody has connected it yet.';
  expect(itemsOf(without, 'error').map(({ content }) => content)).toEqual([
    `MCP server "hub" cannot be used: ${reason} The run goes on without its tools.`,
  ]);
  expect(sentText(without.requests[0])).toContain(`- hub: ${reason}`);
  await expect.poll(statusOfHub, { timeout: MONITOR_LIMIT_MS }).toBe('needs_sign_in');
  expect(await warnings()).toEqual([
    `MCP server "hub" ${reason} An administrator can connect it on the system page.`,
  ]);

  await bed.signIn(await bed.person('Ada', 'admin'), INSTALLATION);
  const script = [{ toolCalls: [{ id: 'a', name: 'hub__echo', arguments: { text: 'found it' } }] }, 'Found.'];
  const withIt = await runs.run({ script, config: withHub() });
  expect(itemsOf(withIt, 'error')).toEqual([]);
  expect(resultsIn(withIt.requests[1]).a).toContain('found it');
  await expect.poll(statusOfHub, { timeout: MONITOR_LIMIT_MS }).toBe('healthy');
  expect(await warnings()).toEqual([]);

  // A server that repeats its token in a result: nothing knows the token by its shape.
  const token = bed.hub.tokens.at(-1) ?? '';
  const echo = [{ toolCalls: [{ id: 'b', name: 'hub__echo', arguments: { text: token } }] }, 'Seen.'];
  const seen = await runs.run({ script: echo, config: withHub() });
  expect(resultsIn(seen.requests[1]).b).toContain('[MASKED_ACCESS_TOKEN]');
  expect(seen.log).toContain('session ended');

  bed.authority.grants.endAll();
  const ended = await runs.run({ script: ['Looked without it.'], config: withHub() });
  expect(itemsOf(ended, 'error').map(({ content }) => content)).toEqual([
    'MCP server "hub" cannot be used: needs sign-in: the last sign-in has ended. The run goes on without its tools.',
  ]);
  for (const secret of bed.authority.grants.issued) {
    // What a model writes itself is not a secret that we let out.
    if (secret === token) continue;
    for (const { log, requests } of [without, withIt, seen, ended]) {
      expect(log).not.toContain(secret);
      for (const request of requests) expect(sentText(request)).not.toContain(secret);
    }
  }
  const issued = bed.authority.grants.issued.filter((secret) => secret !== token);
  expect(await findInDatabase(runs.database, issued)).toEqual([]);
}, 120_000);

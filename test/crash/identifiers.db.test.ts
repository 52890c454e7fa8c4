import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { listPlaceholders } from '#src/lib/identifier-placeholders.ts';
import { loadSessionIdentifiers } from '#src/server/identifiers/index.ts';
import { sentText } from '../agent-runs.ts';
import { findInDatabase } from '../dump-database.ts';
import { rowsOf, waitFor, waitForEnd } from '../runs.ts';
import { crashTest } from './crash-test.ts';

const HOST = 'db-01.corp.internal';
/** Only what tools say holds it. */
const OTHER = '10.44.0.9';

crashTest(
  'killed with names in the conversation: the next worker reads them back and hides them as before',
  { config: { masking: { identifiers: { enabled: true } } } },
  async (bed) => {
    const path = join(bed.directory, 'written');
    bed.model.setScript((request) => {
      const [host] = listPlaceholders(JSON.stringify(request.conversation.messages));
      const write = (id: string, text: string) => ({
        toolCalls: [{ id, name: 'box__write', arguments: { path, text, delayMs: 0 } }],
      });
      if (request.assistantTurns === 0) return write('a', `${host} ${OTHER}`);
      if (request.assistantTurns === 1) {
        return {
          steps: [
            { type: 'text', text: `It is ${host} and ` },
            { type: 'block', gate: 'once' },
          ],
        };
      }
      return `It is ${host}.`;
    });
    const first = await bed.startWorker();
    const sessionId = await bed.post({ data: `${HOST} is down` });
    await bed.model.waitForBlocked('once', 30_000);
    await waitFor(async () => {
      const [row] = await rowsOf(
        bed.database,
        `select 1 as found from session_event where session_id = $1 and type = 'item.delta' and payload->>'text' like '%HOST%'`,
        [sessionId],
      );
      return row;
    }, 'the text was not streamed');
    await first.kill();
    bed.model.setScript((request) => {
      const shown = listPlaceholders(JSON.stringify(request.conversation.messages));
      const host = shown.find((one) => one.startsWith('[HOST_'));
      const address = shown.find((one) => one.startsWith('[IP_'));
      if (request.assistantTurns === 1) {
        return {
          toolCalls: [
            { id: 'b', name: 'box__write', arguments: { path, text: `${address} of ${host}`, delayMs: 0 } },
          ],
        };
      }
      return `It is ${host} at ${address}, said ${OTHER}.`;
    });
    const second = await bed.startWorker();
    expect(await waitForEnd(bed.database, sessionId, 60_000)).toBe('completed');
    expect(second.output()).toContain('session resumed');
    expect(await readFile(path, 'utf8')).toBe(`${HOST} ${OTHER}\n${OTHER} of ${HOST}\n`);
    const sent = bed.model.requests.map((request) => sentText(request)).join('\n');
    expect(sent).not.toContain(HOST);
    expect(sent).not.toContain(OTHER);
    expect(await findInDatabase(bed.database, [HOST, OTHER])).toEqual([]);
    const { reveal } = await loadSessionIdentifiers(bed.kernel, bed.database.pool, sessionId);
    const [row] = await rowsOf<{ answer: string }>(
      bed.database,
      'select final_analysis as answer from session where id = $1',
      [sessionId],
    );
    // One address has one placeholder, whichever worker met it.
    expect(row?.answer).toMatch(/^It is \[HOST_\w{8}\] at (\[IP_\w{8}\]), said \1\.$/);
    expect(reveal(row?.answer ?? '')).toBe(`It is ${HOST} at ${OTHER}, said ${OTHER}.`);
    expect(await bed.violations(sessionId)).toEqual([]);
  },
);

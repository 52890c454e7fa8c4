import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { rowsOf } from '#test/runs.ts';
import { createMemory, editMemory } from './change-memory.ts';
import { findMemories } from './find-memories.ts';

const db = useTestDatabase();
/** A server of OpenAI's embeddings protocol whose vectors say which of three topics a text is about. */
let server: Server;
let asked: string[] = [];
let broken = false;
let kernel: Awaited<ReturnType<typeof createTestKernel>>;
let projectId: string;

const topics = [/database|postgres|sql/i, /disk|volume|storage/i, /network|dns/i];
/** A longer one is of another model behind the same name. */
let extraDimensions: number[] = [];
const vectorOf = (text: string) => [
  ...topics.map((topic) => (topic.test(text) ? 1 : 0.05)),
  ...extraDimensions,
];

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { input, dimensions }: { input: string[]; dimensions: number } = JSON.parse(body);
      asked.push(...input, `dimensions ${dimensions}`);
      if (input.some((text) => text.includes('unspeakable'))) {
        response.writeHead(400, { 'content-type': 'application/json' });
        return void response.end(JSON.stringify({ error: { message: 'no' } }));
      }
      response.writeHead(broken ? 401 : 200, { 'content-type': 'application/json' });
      const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) }));
      response.end(
        JSON.stringify(
          broken
            ? { error: { message: 'no such key' } }
            : { object: 'list', data, model: 'm', usage: { prompt_tokens: 1, total_tokens: 1 } },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('the server has no port');
  kernel = await createTestKernel(db.database, {
    llmProviders: {
      local: { type: 'openai-compatible', baseUrl: `http://127.0.0.1:${address.port}/v1`, model: 'chat' },
    },
    memory: { embedding: { provider: 'local', model: 'vectors', dimensions: 3 } },
  });
  ({ id: projectId } = await createTestProject(db.database));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const remember = (content: string) =>
  createMemory(kernel, {
    projectId,
    actor: 'ada',
    memory: { content, category: 'semantic', valence: 'neutral', confidence: 0.8 },
  });
const find = async (text: string) =>
  (await findMemories(kernel, { projectId, text, limit: 2 })).map(({ content }) => content);

test('memories are found by meaning where no word is shared, and by words when there are no vectors', async () => {
  const postgres = await remember('Postgres refuses connections after a failover.');
  await remember('A full volume stops the writer.');
  expect(await find('The database is unreachable.')).toEqual([postgres.content]);
  expect(asked).toContain('dimensions 3');
  expect(asked).toContain(postgres.content);

  asked = [];
  await find('The database is unreachable.');
  // Vectors are made once; a changed text gets a new one.
  expect(asked).not.toContain(postgres.content);
  await editMemory(kernel, {
    projectId,
    memoryId: postgres.id,
    actor: 'bob',
    change: { content: 'A full disk stops the failover.' },
  });
  expect(await find('The database is unreachable.')).toEqual([]);
  const [row] = await rowsOf<{ embedding: number[]; embedding_model: string }>(
    db.database,
    'select embedding, embedding_model from memory where id = $1',
    [postgres.id],
  );
  expect(row).toEqual({ embedding: [0.05, 1, 0.05], embedding_model: 'local/vectors/3' });

  broken = true;
  expect(await find('a full volume')).toEqual(['A full volume stops the writer.']);
  expect(await find('storage trouble')).toEqual([]);
});

test('vectors of another model behind the same name are made anew, and a text that it refuses hides no other', async () => {
  broken = false;
  const dns = await remember('The dns server of the office is slow.');
  expect(await find('trouble with the network')).toEqual([dns.content]);
  extraDimensions = [0.05];
  expect(await find('trouble with the network')).toEqual([dns.content]);
  const [row] = await rowsOf<{ length: number }>(
    db.database,
    'select cardinality(embedding) as length from memory where id = $1',
    [dns.id],
  );
  expect(row?.length).toBe(4);
  const refused = await remember('An unspeakable word.');
  expect(await find('trouble with the network')).toEqual([dns.content]);
  expect(await find('which word')).toContain(refused.content);
});

import { expect, test } from 'vitest';
import { createTestKernel, createTestProject } from '#test/kernel.ts';
import { useTestDatabase } from '#test/postgres.ts';
import { postAlert, rowsOf, waitForEnd } from '#test/runs.ts';
import { startWorker } from './start-worker.ts';

const db = useTestDatabase();

test('without a key and without a server the analyst says what it lacks, once', async () => {
  const kernel = await createTestKernel(db.database, { defaults: { llmProvider: 'offline' } });
  const { id: projectId } = await createTestProject(db.database);
  const worker = await startWorker(kernel);
  try {
    const sessionId = await postAlert(kernel, projectId, {
      alertType: 'kubernetes',
      title: 'Checkout down',
      data: 'Pod checkout-1 in namespace shop restarts.',
    });
    expect(await waitForEnd(db.database, sessionId)).toBe('completed');
    const [session] = await rowsOf<{ final_analysis: string; llm_calls: number }>(
      db.database,
      'select final_analysis, llm_calls from session where id = $1',
      [sessionId],
    );
    expect(session?.final_analysis).toMatch(/no tools|could not look/i);
    expect(session?.llm_calls).toBe(2);
  } finally {
    await worker.close();
  }
});

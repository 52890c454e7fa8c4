import { expect, test } from 'vitest';
import { newId } from '#src/server/ids.ts';
import { useAgentRuns } from '#test/agent-runs.ts';
import { openImageRoom } from './image-room.ts';
import { MAX_IMAGE_BYTES_PER_SESSION } from './tunables.ts';

const runs = useAgentRuns();

const result = (bytes: number) => ({
  text: 'seen',
  images: [
    {
      position: 1,
      mediaType: 'image/png' as const,
      width: 1,
      height: 1,
      content: Buffer.alloc(bytes),
      forModels: false,
    },
  ],
});

test('results that end at the same time share the room of their session, with what it has kept before', async () => {
  const { sessionId } = await runs.run({ script: ['Done.'] });
  await runs.database.pool.query(
    `insert into tool_image (id, session_id, execution_id, call_id, position, media_type, width, height, content, bytes, for_models)
     select $1, session_id, id, 'c', 1, 'image/png', 1, 1, '', $3, false from execution where session_id = $2`,
    [newId(), sessionId, MAX_IMAGE_BYTES_PER_SESSION - 1_000],
  );
  const room = openImageRoom(runs.database.pool, sessionId);
  const fitted = await Promise.all([600, 600, 400, 1].map((bytes) => room.fit(result(bytes))));
  expect(fitted.map(({ images }) => images.length)).toEqual([1, 0, 1, 0]);
  expect(fitted[1]?.text).toContain('image 1 was left out');
  // One that goes on elsewhere begins with what is in the rows.
  const next = await openImageRoom(runs.database.pool, sessionId).fit(result(1_000));
  expect(next.images).toHaveLength(1);
});

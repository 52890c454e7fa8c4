import { z } from 'zod';
import type { Sql } from '#src/server/db/database.ts';
import type { ImageReference } from '#src/server/llm/index.ts';
import { IMAGE_TYPES } from '#src/server/mcp/index.ts';
import type { KeptImage } from './agent-step.ts';

/** Bytes of images that a session has kept. */
export async function readImageBytes(sql: Sql, sessionId: string): Promise<number> {
  const { rows } = await sql.query<{ total: number }>(
    'select coalesce(sum(bytes), 0)::float8 as total from tool_image where session_id = $1',
    [sessionId],
  );
  return rows[0]?.total ?? 0;
}

/** The bytes of images by their ids; those that retention removed are not there. */
export async function loadImages(
  sql: Sql,
  options: { sessionId: string; images: readonly ImageReference[] },
): Promise<Map<string, Buffer>> {
  if (options.images.length === 0) return new Map();
  const { rows } = await sql.query<{ id: string; content: Buffer }>(
    'select id, content from tool_image where session_id = $1 and id = any($2::uuid[])',
    [options.sessionId, options.images.map(({ image }) => image)],
  );
  return new Map(rows.map((row) => [row.id, row.content]));
}

const imageRowSchema = z.object({
  call_id: z.string(),
  id: z.string(),
  position: z.number(),
  media_type: z.enum(IMAGE_TYPES),
  width: z.number(),
  height: z.number(),
  bytes: z.number(),
  for_models: z.boolean(),
});

/** The images of an execution's calls, by the call, without their bytes. */
export async function readKeptImages(
  sql: Sql,
  executionId: string,
): Promise<ReadonlyMap<string, readonly KeptImage[]>> {
  const { rows } = await sql.query(
    `select call_id, id, position, media_type, width, height, bytes, for_models from tool_image
     where execution_id = $1 order by call_id, position`,
    [executionId],
  );
  const byCall = new Map<string, KeptImage[]>();
  for (const row of z.array(imageRowSchema).parse(rows)) {
    const image = {
      id: row.id,
      position: row.position,
      mediaType: row.media_type,
      width: row.width,
      height: row.height,
      bytes: row.bytes,
      forModels: row.for_models,
      content: null,
    };
    byCall.set(row.call_id, [...(byCall.get(row.call_id) ?? []), image]);
  }
  return byCall;
}

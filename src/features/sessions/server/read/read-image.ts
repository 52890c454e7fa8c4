import type { Kernel } from '#src/server/kernel.ts';
import type { SessionKey } from './read-session.ts';
import { whyMissing } from './why-missing.ts';

type ImageFile = { content: Buffer; mediaType: string };

/** An image of a tool's result, as the tool returned it. Throws `not_found`, and `gone` when retention removed it. */
export async function readImage(
  kernel: Kernel,
  options: SessionKey & { imageId: string },
): Promise<ImageFile> {
  const { imageId, sessionId, projectId } = options;
  const { rows } = await kernel.database.pool.query<ImageFile>(
    `select i.content, i.media_type as "mediaType" from tool_image i join session s on s.id = i.session_id
     where i.id = $1 and i.session_id = $2 and s.project_id = $3`,
    [imageId, sessionId, projectId],
  );
  const image = rows[0];
  if (!image) throw await whyMissing(kernel, { ...options, what: 'Image' });
  return image;
}

import { z } from 'zod';
import { type Answer, type Call, type FaultyServer, startFaultyServer } from './start-faulty-server.ts';

export const MATTERMOST_TOKEN = 'token-of-the-mattermost-bot';
const CHANNEL_ID = 'c'.repeat(26);

const writtenSchema = z.object({
  channel_id: z.string(),
  root_id: z.string().default(''),
  message: z.string(),
  props: z.record(z.string(), z.unknown()).default({}),
});
export type MattermostPost = z.infer<typeof writtenSchema> & { id: string; create_at: number };

export type MattermostServer = FaultyServer & {
  /** Every post of the channel, oldest first. */
  readonly posts: MattermostPost[];
  /** Adds a post that somebody else has written; returns its id. */
  say(post: Partial<MattermostPost>): string;
};

/** A Mattermost with one channel, `acme/incidents`, that speaks REST API v4 as far as TARS uses it. */
export async function startMattermostServer(): Promise<MattermostServer> {
  const posts: MattermostPost[] = [];
  let count = 0;
  const add = (post: Partial<MattermostPost>): MattermostPost => {
    count += 1;
    const id = String(count).padStart(26, 'p');
    const added = {
      channel_id: CHANNEL_ID,
      root_id: '',
      message: '',
      props: {},
      create_at: Date.now() + count,
      id,
      ...post,
    };
    posts.push(added);
    return added;
  };
  const server = await startFaultyServer({
    nameOf: ({ method, path }) => `${method} ${path.replace('/api/v4', '').replaceAll(/p+\d+|c{26}/g, '*')}`,
    refuse: (error) => refusal(403, error),
    answer: (call) =>
      call.headers.authorization === `Bearer ${MATTERMOST_TOKEN}`
        ? answerCall(call, { posts, add })
        : refusal(401, 'api.context.session_expired.app_error'),
  });
  return {
    ...server,
    posts,
    say: (post) => add(post).id,
    clear() {
      posts.length = 0;
      server.clear();
    },
  };
}

const refusal = (status: number, id: string): Answer => ({
  status,
  body: { id, message: 'It cannot be done.', status_code: status },
});

type Store = { posts: MattermostPost[]; add: (post: Partial<MattermostPost>) => MattermostPost };

function answerCall({ method, path, query, body }: Call, store: Store): Answer {
  const [, resource, ...rest] = path.replace('/api/v4', '').split('/');
  if (method === 'GET' && path.endsWith('/users/me'))
    return { status: 200, body: { id: 'u', username: 'tars' } };
  if (method === 'GET' && path.endsWith('/teams/name/acme/channels/name/incidents'))
    return { status: 200, body: { id: CHANNEL_ID } };
  if (method === 'GET' && resource === 'channels' && rest[0] === CHANNEL_ID) return page(store.posts, query);
  if (method === 'POST' && resource === 'posts') return write(store, body);
  if (method === 'PUT' && resource === 'posts' && rest[1] === 'patch') {
    const post = store.posts.find(({ id }) => id === rest[0]);
    if (!post) return refusal(404, 'app.post.get.app_error');
    post.message = z.object({ message: z.string() }).parse(JSON.parse(body)).message;
    return { status: 200, body: post };
  }
  return refusal(404, 'api.context.404.app_error');
}

function write({ posts, add }: Store, body: string): Answer {
  const written = writtenSchema.parse(JSON.parse(body));
  if (written.channel_id !== CHANNEL_ID) return refusal(404, 'app.channel.get.find.app_error');
  const root = posts.find(({ id }) => id === written.root_id);
  // As the original: only a post that is no reply itself can be answered.
  if (written.root_id !== '' && root?.root_id !== '')
    return refusal(400, 'api.post.create_post.root_id.app_error');
  if (written.message.length > 16_383) return refusal(400, 'model.post.is_valid.message_length.app_error');
  return { status: 201, body: add(written) };
}

/** Newest first. */
function page(posts: readonly MattermostPost[], query: URLSearchParams): Answer {
  const perPage = Math.min(200, Number(query.get('per_page') ?? 60));
  const start = Number(query.get('page') ?? 0) * perPage;
  const shown = posts.toReversed().slice(start, start + perPage);
  return {
    status: 200,
    body: {
      order: shown.map(({ id }) => id),
      posts: Object.fromEntries(shown.map((post) => [post.id, post])),
    },
  };
}

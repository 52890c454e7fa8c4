import { z } from 'zod';
import type { Config } from '#src/server/config/index.ts';
import { AppError } from '#src/server/errors.ts';
import type { SlackTest } from '../schema.ts';
import { classifySlackError } from './slack/classify-slack-error.ts';
import { activeSlack, openSlack } from './slack/open-slack.ts';
import { findMessage } from './slack/read-channel.ts';
import { TEST_TIMEOUT_MS } from './tunables.ts';

const identitySchema = z.looseObject({ team: z.string().catch(''), user: z.string().catch('') });

/**
 * Posts a test message as the configuration says and looks whether it can be read back, as threads need. Throws an
 * `AppError` that says what to change when it cannot be posted.
 */
export async function testSlack(config: Config, options: { publicUrl: string }): Promise<SlackTest> {
  const slack = activeSlack(config);
  if (!slack) throw new AppError('conflict', describeAbsence(config));
  const client = openSlack(slack, AbortSignal.timeout(TEST_TIMEOUT_MS));
  try {
    const identity = identitySchema.parse(await client.auth.test());
    await client.chat.postMessage({
      channel: slack.channel,
      text: `👋 TARS at ${options.publicUrl} can post here.`,
      parse: 'none',
      unfurl_links: false,
    });
    const unreadable = await tryToRead(client, slack.channel);
    return { channel: slack.channel, team: identity.team, bot: identity.user, threadsProblem: unreadable };
  } catch (error) {
    throw new AppError('unavailable', `${classifySlackError(error).message} (channel ${slack.channel}).`, {
      cause: error,
    });
  }
}

function describeAbsence({ notifications: { slack } }: Config): string {
  if (!slack) return 'Slack is not configured: set notifications.slack.channel and .token.';
  if (!slack.enabled) return 'Slack is switched off: notifications.slack.enabled is false.';
  return 'Slack has no token: set notifications.slack.token.';
}

async function tryToRead(client: ReturnType<typeof openSlack>, channel: string): Promise<string | null> {
  try {
    await findMessage(client, {
      channel,
      nowMs: Date.now(),
      wanted: () => true,
    });
    return null;
  } catch (error) {
    return classifySlackError(error).message;
  }
}

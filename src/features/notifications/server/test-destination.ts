import {
  type Config,
  type DestinationConfig,
  destinationPath,
  listDestinations,
  missingSetting,
} from '#src/server/config/index.ts';
import { AppError } from '#src/server/errors.ts';
import { newId } from '#src/server/ids.ts';
import type { Kernel } from '#src/server/kernel.ts';
import type { DestinationTest } from '../schema.ts';
import { failureOf } from './destination/delivery-error.ts';
import { describeTarget } from './destination/describe-target.ts';
import type { Destination } from './destination/destination.ts';
import { openDestination } from './destination/open-destination.ts';
import { composeTest } from './message/compose-message.ts';
import { TEST_TIMEOUT_MS } from './tunables.ts';
import { recordError, recordSuccess } from './write-notification.ts';

/**
 * Posts a test message to one destination, or to each that is switched on. Needs the configuration only, so it works while
 * nothing runs. Throws an `AppError` when there is no such destination, or none at all.
 */
export async function testDestinations(
  config: Config,
  { name, publicUrl }: { name?: string | undefined; publicUrl: string },
): Promise<DestinationTest[]> {
  const all = listDestinations(config.notifications);
  const chosen = all.filter(([known, { enabled }]) => (name === undefined ? enabled : known === name));
  if (chosen.length === 0) {
    const known = all.map(([each]) => each).join(', ');
    throw name === undefined || known === ''
      ? new AppError('conflict', 'Nobody is told: notifications names no destination that is switched on.')
      : new AppError('not_found', `There is no destination "${name}"; there are: ${known}.`);
  }
  return Promise.all(chosen.map(([each, settings]) => testDestination(each, settings, publicUrl)));
}

/** The same for one, from the system page, which shows what became of it. */
export async function testDestinationOnPage(
  kernel: Kernel,
  { name }: { name: string },
): Promise<DestinationTest> {
  const [result] = await testDestinations(kernel.config.current(), { name, publicUrl: kernel.env.publicUrl });
  if (!result) throw new AppError('not_found', 'Destination not found');
  const { pool } = kernel.database;
  if (result.problem === null) await recordSuccess(pool, name);
  else await recordError(pool, name, result.problem);
  return result;
}

/** Posts, and looks whether the channel can be read, as threads need. */
async function testDestination(
  name: string,
  settings: DestinationConfig,
  publicUrl: string,
): Promise<DestinationTest> {
  const base = { destination: name, type: settings.type, target: describeTarget(settings) };
  const failed = (problem: string): DestinationTest => ({
    ...base,
    problem,
    identity: null,
    threadsProblem: null,
  });
  const destination = openDestination(settings, AbortSignal.timeout(TEST_TIMEOUT_MS));
  if (!destination) return failed(describeAbsence(name, settings));
  try {
    const identity = (await destination.identify?.()) ?? null;
    const place = { notificationId: newId(), threadId: null };
    await destination.post(composeTest(publicUrl, new Date()), place);
    return { ...base, problem: null, identity, threadsProblem: await tryToRead(destination) };
  } catch (error) {
    return failed(failureOf(error).message);
  }
}

function describeAbsence(name: string, settings: DestinationConfig): string {
  const path = destinationPath(name);
  const missing = missingSetting(settings);
  return settings.enabled && missing !== null
    ? `It has no ${missing}: set ${path}.${missing}.`
    : `It is switched off: ${path}.enabled is false.`;
}

async function tryToRead(destination: Destination): Promise<string | null> {
  try {
    for await (const _post of destination.readPosts?.({ threadId: null }) ?? []) break;
    return null;
  } catch (error) {
    return failureOf(error).message;
  }
}

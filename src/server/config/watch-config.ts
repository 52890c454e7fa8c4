import { stat } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError, type ConfigIssue } from './config-error.ts';
import { type LoadConfigOptions, type LoadedConfig, loadConfig } from './load-config.ts';
import { listConfigFiles } from './read-config-files.ts';
import { listSkillFiles } from './read-skills.ts';
import { CONFIG_POLL_INTERVAL_MS } from './tunables.ts';

export interface WatchConfigOptions extends LoadConfigOptions {
  /** What is in force at the start. */
  readonly initial: LoadedConfig;
  /** Called with each valid new configuration. */
  readonly onChange?: (loaded: LoadedConfig) => void;
  /** Called when a change is invalid; the last good configuration stays in force. */
  readonly onInvalid?: (error: ConfigError) => void;
  readonly pollIntervalMs?: number;
}

export interface ConfigWatcher {
  /** The last good configuration. */
  current(): LoadedConfig;
  /** Problems of the files as they are now; empty when they are what is in force. */
  issues(): readonly ConfigIssue[];
  /** Looks at the files now; resolves to whether they had changed. */
  check(): Promise<boolean>;
  stop(): void;
}

/** Name, size, inode and time of every file: cheap to read, and different after any edit or symlink swap. */
async function fingerprintFiles(directory: string): Promise<string> {
  try {
    const names = (await listConfigFiles(directory)).map((name) => path.join(directory, name));
    const files = [...names, ...(await listSkillFiles(directory))];
    const parts = await Promise.all(
      files.map(async (file) => {
        const info = await stat(file).catch(() => null);
        return info === null
          ? `${file}:gone`
          : `${file}:${info.size}:${info.ino}:${info.mtimeMs}:${info.ctimeMs}`;
      }),
    );
    return parts.join('|');
  } catch {
    return 'unreadable';
  }
}

/**
 * Keeps a configuration current while the process runs. An invalid change is reported and ignored until it is fixed.
 * The timer does not keep the process alive.
 */
export function watchConfig(options: WatchConfigOptions): ConfigWatcher {
  const { directory, env, initial, onChange, onInvalid } = options;
  let current = initial;
  let issues: readonly ConfigIssue[] = [];
  let seen: string | null = null;
  let running: Promise<boolean> | null = null;

  const reload = async (): Promise<void> => {
    try {
      current = await loadConfig({ directory, env });
      issues = [];
      onChange?.(current);
    } catch (error) {
      const known =
        error instanceof ConfigError
          ? error
          : new ConfigError([
              { file: directory, line: null, path: '', found: String(error), expected: 'readable files' },
            ]);
      issues = known.issues;
      onInvalid?.(known);
    }
  };

  const look = async (): Promise<boolean> => {
    const fingerprint = await fingerprintFiles(directory);
    if (seen === null || fingerprint === seen) {
      seen = fingerprint;
      return false;
    }
    seen = fingerprint;
    await reload();
    return true;
  };

  const check = (): Promise<boolean> => {
    running ??= look().finally(() => {
      running = null;
    });
    return running;
  };

  const timer = setInterval(
    () => void check().catch(() => undefined),
    options.pollIntervalMs ?? CONFIG_POLL_INTERVAL_MS,
  );
  timer.unref();
  void check().catch(() => undefined);
  return { current: () => current, issues: () => issues, check, stop: () => clearInterval(timer) };
}

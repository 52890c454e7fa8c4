import { resolve } from 'node:path';
import { z } from 'zod';

const blankIsAbsent = (value: unknown) => (value === '' ? undefined : value);
const optionalText = z.preprocess(blankIsAbsent, z.string().optional());

const isPostgresUrl = (text: string) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text);

const envSchema = z.object({
  NODE_ENV: z.preprocess(blankIsAbsent, z.enum(['development', 'test', 'production']).default('production')),
  DATABASE_URL: z.preprocess(
    blankIsAbsent,
    z
      .string()
      // The value may hold a password: it is not repeated.
      .refine(isPostgresUrl, 'expected postgresql://user:password@host:5432/name (special characters as %XX)')
      .optional(),
  ),
  TARS_PORT: z.preprocess(blankIsAbsent, z.coerce.number().int().min(0).max(65535).default(3000)),
  TARS_HOST: z.preprocess(blankIsAbsent, z.string().default('127.0.0.1')),
  TARS_DATA_DIR: z.preprocess(blankIsAbsent, z.string().default('.tars')),
  TARS_CONFIG: z.preprocess(blankIsAbsent, z.string().default('config')),
  TARS_URL: z.preprocess(blankIsAbsent, z.url().optional()),
  AUTH_SECRET: optionalText,
  GITHUB_CLIENT_ID: optionalText,
  GITHUB_CLIENT_SECRET: optionalText,
  GITHUB_URL: z.preprocess(blankIsAbsent, z.url().default('https://github.com')),
  /** `name-header[,email-header]` of a trusted authenticating proxy; absent = headers are ignored. */
  TARS_PROXY_HEADERS: optionalText,
  LOG_LEVEL: z.preprocess(
    blankIsAbsent,
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText,
});

type Variables = Record<string, string | undefined>;

export type Env = {
  mode: 'development' | 'test' | 'production';
  databaseUrl: string | undefined;
  port: number;
  host: string;
  /** Absolute path: embedded database, artefacts, generated secrets. */
  dataDir: string;
  /** Absolute path of the configuration directory. */
  configDir: string;
  /** Public address without a trailing slash. */
  publicUrl: string;
  authSecret: string | undefined;
  github: { clientId: string; clientSecret: string; url: string } | undefined;
  proxyHeaders: { user: string; email: string | undefined } | undefined;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  otlpEndpoint: string | undefined;
  /** Everything, for `${NAME}` in the configuration and for child processes. */
  variables: Variables;
};

/** A variable of the environment has no usable value. The message names it. */
export class EnvError extends Error {
  override name = 'EnvError';
}

/**
 * Reads the environment once, at start. The only reader of `process.env` in the product.
 * Throws `EnvError` naming every variable that is wrong.
 */
export function loadEnv(variables: Variables = process.env): Env {
  const parsed = envSchema.safeParse(variables);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new EnvError(`Environment is not valid. ${lines.join('; ')}`);
  }
  const e = parsed.data;
  const [user, email] = (e.TARS_PROXY_HEADERS ?? '').split(',').map((name) => name.trim().toLowerCase());
  return {
    mode: e.NODE_ENV,
    databaseUrl: e.DATABASE_URL,
    port: e.TARS_PORT,
    host: e.TARS_HOST,
    dataDir: resolve(e.TARS_DATA_DIR),
    configDir: resolve(e.TARS_CONFIG),
    publicUrl: (e.TARS_URL ?? `http://${e.TARS_HOST}:${e.TARS_PORT}`).replace(/\/+$/, ''),
    authSecret: e.AUTH_SECRET,
    github:
      e.GITHUB_CLIENT_ID && e.GITHUB_CLIENT_SECRET
        ? {
            clientId: e.GITHUB_CLIENT_ID,
            clientSecret: e.GITHUB_CLIENT_SECRET,
            url: e.GITHUB_URL.replace(/\/+$/, ''),
          }
        : undefined,
    proxyHeaders: user ? { user, email: email || undefined } : undefined,
    logLevel: e.LOG_LEVEL,
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
    variables,
  };
}

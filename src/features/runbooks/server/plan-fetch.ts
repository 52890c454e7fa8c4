import type { RunbooksConfig } from '#src/server/config/index.ts';
import {
  contentsAddress,
  defaultApiUrl,
  GITHUB_ORIGIN,
  type GitHubFile,
  type GitHubFolder,
  isSameRepository,
  parseFileAddress,
  parseFolderAddress,
  rawAddress,
} from './github-location.ts';

/** One request for a document. `trustedHost` may be asked although no allow-list names it: the configuration implies it. */
export type FetchPlan = { url: string; headers: Record<string, string>; trustedHost: string | null };

/** The configured folder with the API it is read through; null when none is configured (or it is no GitHub address). */
export function configuredFolder(config: RunbooksConfig): { folder: GitHubFolder; apiUrl: string } | null {
  const folder = config.repository === undefined ? null : parseFolderAddress(config.repository);
  if (folder === null) return null;
  return { folder, apiUrl: (config.apiUrl ?? defaultApiUrl(folder.origin)).replace(/\/+$/, '') };
}

/** Asks the contents API for a file's own bytes; of a folder it gives its listing all the same, as JSON. */
export const RAW = 'application/vnd.github.raw+json';
const LISTING = 'application/vnd.github+json';

/**
 * How the document at an address is read. A page of GitHub leads to the file's text: through the API for the configured
 * repository (it may be private, or on a server of one's own), from raw.githubusercontent.com otherwise. The token goes
 * to the API and for files of the configured repository only: an alert must not read other repositories with it.
 */
export function planDocumentFetch(config: RunbooksConfig, address: string): FetchPlan {
  const configured = configuredFolder(config);
  const file = parseFileAddress(address, configured?.folder.ref);
  if (file && configured && readsThroughApi(config, configured.folder, file)) {
    const own = isSameRepository(file, configured.folder);
    return apiPlan(config, { apiUrl: configured.apiUrl, accept: RAW, place: file, withToken: own });
  }
  if (file?.origin === GITHUB_ORIGIN) {
    return { url: rawAddress(file), headers: {}, trustedHost: 'raw.githubusercontent.com' };
  }
  return { url: address, headers: {}, trustedHost: null };
}

/** Anonymous calls of github.com's API are few per hour; its raw files are not limited like that. */
function readsThroughApi(config: RunbooksConfig, folder: GitHubFolder, file: GitHubFile): boolean {
  if (folder.origin !== file.origin) return false;
  const isOwn = isSameRepository(file, folder);
  if (config.apiUrl !== undefined || folder.origin !== GITHUB_ORIGIN) return true;
  return isOwn && config.token !== undefined;
}

/** How the entries of a folder of the configured repository are read. */
export function planListing(
  config: RunbooksConfig,
  configured: { folder: GitHubFolder; apiUrl: string },
  path: string,
): FetchPlan {
  const { folder, apiUrl } = configured;
  return apiPlan(config, { apiUrl, accept: LISTING, place: { ...folder, path }, withToken: true });
}

function apiPlan(
  config: RunbooksConfig,
  options: {
    apiUrl: string;
    accept: string;
    place: GitHubFolder;
    withToken: boolean;
  },
): FetchPlan {
  const { apiUrl, accept, place, withToken } = options;
  return {
    url: contentsAddress(apiUrl, place),
    headers: {
      accept,
      'x-github-api-version': '2022-11-28',
      ...(withToken && config.token !== undefined ? { authorization: `Bearer ${config.token}` } : {}),
    },
    trustedHost: new URL(apiUrl).host,
  };
}

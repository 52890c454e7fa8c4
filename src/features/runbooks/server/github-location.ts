/** A repository on a GitHub host. */
export type GitHubRepository = { origin: string; owner: string; repo: string };
/** `ref` null: the default branch. `path` is decoded, without slashes around it; empty for the root. */
export type GitHubFolder = GitHubRepository & { ref: string | null; path: string };
export type GitHubFile = GitHubRepository & { ref: string; path: string };

export const GITHUB_ORIGIN = 'https://github.com';
const RAW_HOST = 'raw.githubusercontent.com';

const segmentsOf = (url: URL): string[] | null => {
  try {
    return url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
};

/**
 * What a repository or tree address names: `https://github.com/acme/ops/tree/main/books`. A branch with a slash in its
 * name is written with `%2F`. Null when the address is neither.
 */
export function parseFolderAddress(address: string): GitHubFolder | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const [owner, name, kind, ref, ...path] = segmentsOf(url) ?? [];
  if (owner === undefined || name === undefined) return null;
  const repository = { origin: url.origin, owner, repo: name.replace(/\.git$/, '') };
  if (kind === undefined) return { ...repository, ref: null, path: '' };
  if (kind !== 'tree' || ref === undefined) return null;
  return { ...repository, ref, path: path.join('/') };
}

/**
 * The file that a `blob`, `raw` or raw.githubusercontent.com address names, or null when it is none of them.
 *
 * @param knownRef the branch of the configured folder: it may hold slashes, which nothing in the address marks
 */
export function parseFileAddress(address: string, knownRef: string | null = null): GitHubFile | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const [owner, repo, ...rest] = segmentsOf(url) ?? [];
  if (owner === undefined || repo === undefined) return null;
  const isRaw = url.hostname === RAW_HOST;
  const [kind, ...place] = isRaw ? ['raw', ...rest] : rest;
  if (kind !== 'blob' && kind !== 'raw') return null;
  const named = place[0] === 'refs' && place[1] === 'heads' ? place.slice(2) : place;
  const split = splitRef(named, knownRef);
  return split && { origin: isRaw ? GITHUB_ORIGIN : url.origin, owner, repo, ...split };
}

function splitRef(
  segments: readonly string[],
  knownRef: string | null,
): { ref: string; path: string } | null {
  const whole = segments.join('/');
  if (knownRef !== null && whole.startsWith(`${knownRef}/`)) {
    return { ref: knownRef, path: whole.slice(knownRef.length + 1) };
  }
  const [ref, ...path] = segments;
  return ref === undefined || path.length === 0 ? null : { ref, path: path.join('/') };
}

export const isSameRepository = (a: GitHubRepository, b: GitHubRepository): boolean =>
  a.origin.toLowerCase() === b.origin.toLowerCase() &&
  a.owner.toLowerCase() === b.owner.toLowerCase() &&
  a.repo.toLowerCase() === b.repo.toLowerCase();

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** The address of a file as people open it; without a branch, that of the default one. */
export const fileAddress = (folder: GitHubFolder, path: string): string =>
  `${folder.origin}/${folder.owner}/${folder.repo}/blob/${encodePath(folder.ref ?? 'HEAD')}/${encodePath(path)}`;

/** Where GitHub gives the file's bytes to anyone; a branch with slashes is found by GitHub itself. */
export const rawAddress = (file: GitHubFile): string =>
  `https://${RAW_HOST}/${file.owner}/${file.repo}/${encodePath(file.ref)}/${encodePath(file.path)}`;

/** Address of a file or folder in the contents API. */
export function contentsAddress(
  apiUrl: string,
  place: GitHubRepository & { ref: string | null; path: string },
): string {
  const { owner, repo, ref, path } = place;
  const at = path === '' ? '' : `/${encodePath(path)}`;
  // GitHub takes HEAD for the default branch in addresses, not here.
  const query = ref === null || ref === 'HEAD' ? '' : `?ref=${encodeURIComponent(ref)}`;
  return `${apiUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}/contents${at}${query}`;
}

/** The API of a GitHub host: github.com has its own, Enterprise servers have it below `/api/v3`. */
export const defaultApiUrl = (origin: string): string =>
  origin === GITHUB_ORIGIN ? 'https://api.github.com' : `${origin}/api/v3`;

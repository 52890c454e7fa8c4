/**
 * Whether what npm installed is what the lock file asks for. Both are parsed lock files: `wanted` is package-lock.json,
 * `installed` node_modules/.package-lock.json (undefined when there is none). Compares contents, since the times of a
 * fresh checkout say nothing. Packages for other platforms may be absent.
 */
export function isInstalled(wanted, installed) {
  if (!installed?.packages || !wanted?.packages) return false;
  return Object.entries(wanted.packages).every(([path, entry]) => {
    if (path === '' || entry.link) return true;
    const present = installed.packages[path];
    if (!present) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return present.version === entry.version;
  });
}

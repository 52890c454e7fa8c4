type LockFile = { packages: Record<string, Record<string, unknown>> };
export function completeLockFile(lock: LockFile): LockFile;

type LockFile = {
  packages?: Record<
    string,
    { version?: string; optional?: boolean; devOptional?: boolean; peer?: boolean; link?: boolean }
  >;
};
export function isInstalled(wanted: LockFile, installed: LockFile | undefined): boolean;

export function isBuildInput(path: string): boolean;
export function digestSources(directory: string): string;
export function whyBuild(state: {
  hasBuild: boolean;
  builtFrom: string | undefined;
  digest: string;
}): string | null;

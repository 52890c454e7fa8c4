import { NATIVE_TOOLS, type NativeTool, type NativeToolWishes } from '#src/lib/native-tools.ts';

/** What was chosen, as an alert says it; null when nothing was. */
export function readNativeTools(text: Readonly<Record<NativeTool, string>>): NativeToolWishes | null {
  const chosen = NATIVE_TOOLS.filter((tool) => text[tool] !== '').map(
    (tool) => [tool, text[tool] === 'on'] as const,
  );
  return chosen.length === 0 ? null : Object.fromEntries(chosen);
}

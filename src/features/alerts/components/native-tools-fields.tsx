'use client';
import { Field, Select } from '#src/components/ui/field.tsx';
import { NATIVE_TOOLS, type NativeTool, nativeToolTitles } from '#src/lib/native-tools.ts';
import type { AlertForm } from './use-alert-form.ts';

/** For this alert alone: what the model's provider may do by itself. Folded, since the configuration says it mostly. */
export function NativeToolsFields({ form }: { form: AlertForm }) {
  return (
    <details className="rounded-md border px-3 py-2">
      <summary className="cursor-pointer font-medium text-sm">Tools of the model's provider</summary>
      <p className="py-2 text-dim text-xs">
        Where the provider has them, they run on its side, outside of your network and without approval.
      </p>
      <div className="grid gap-4 sm:grid-cols-3">
        {NATIVE_TOOLS.map((tool) => (
          <Field key={tool} id={tool} label={titleOf(tool)}>
            {(aria) => (
              <Select {...aria} value={form.text[tool]} onChange={form.set(tool)}>
                <option value="">As configured</option>
                <option value="on">On</option>
                <option value="off">Off</option>
              </Select>
            )}
          </Field>
        ))}
      </div>
    </details>
  );
}

const titleOf = (tool: NativeTool): string =>
  nativeToolTitles[tool].charAt(0).toUpperCase() + nativeToolTitles[tool].slice(1);

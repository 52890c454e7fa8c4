'use client';
import { Eye, EyeOff } from 'lucide-react';
import { useNames } from '#src/components/names/names-context.ts';
import { Button } from '#src/components/ui/button.tsx';

/** Between the names and what the model saw in their places; only where names are hidden. */
export function NamesSwitch() {
  const { switch: names } = useNames();
  if (!names) return null;
  const { asModel, set } = names;
  return (
    <Button
      size="sm"
      variant="ghost"
      aria-pressed={asModel}
      title={asModel ? 'Show the names' : 'Show as the model saw it'}
      onClick={() => set(!asModel)}
    >
      {asModel ? <EyeOff /> : <Eye />} {asModel ? 'As the model saw it' : 'Names'}
    </Button>
  );
}

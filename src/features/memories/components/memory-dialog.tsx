import { useState } from 'react';
import { Button } from '#src/components/ui/button.tsx';
import { Dialog } from '#src/components/ui/dialog.tsx';
import { Field, Input, Select, Textarea } from '#src/components/ui/field.tsx';
import {
  MEMORY_MAX_CHARS,
  type Memory,
  memoryCategories,
  memoryValences,
  type NewMemory,
  newMemorySchema,
} from '../schema.ts';
import { categoryLooks, valenceLooks } from './memory-looks.ts';

type MemoryDialogProps = {
  /** `new` for one that is not there yet; null keeps the dialog closed. */
  memory: Memory | 'new' | null;
  busy: boolean;
  onClose: () => void;
  onSave: (memory: NewMemory) => void;
};

export function MemoryDialog({ memory, busy, onClose, onSave }: MemoryDialogProps) {
  if (memory === null) return null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={memory === 'new' ? 'New memory' : 'Edit the memory'}
    >
      <MemoryForm before={memory === 'new' ? null : memory} busy={busy} onClose={onClose} onSave={onSave} />
    </Dialog>
  );
}

type FormProps = Omit<MemoryDialogProps, 'memory'> & { before: Memory | null };

function MemoryForm({ before, busy, onClose, onSave }: FormProps) {
  const [content, setContent] = useState(before?.content ?? '');
  const [category, setCategory] = useState<string>(before?.category ?? 'semantic');
  const [valence, setValence] = useState<string>(before?.valence ?? 'neutral');
  const [percent, setPercent] = useState(String(Math.round((before?.confidence ?? 0.8) * 100)));
  const parsed = newMemorySchema.safeParse({ content, category, valence, confidence: Number(percent) / 100 });
  return (
    <form
      className="thin-scroll grid gap-3 overflow-y-auto p-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (parsed.success) onSave(parsed.data);
      }}
    >
      <Field
        id="memory-content"
        label="What should be known"
        hint="One or two sentences that stand on their own."
      >
        {(aria) => (
          <Textarea
            {...aria}
            // Else the dialog focuses its close button, and typing goes nowhere.
            autoFocus
            className="field-sizing-content max-h-64"
            value={content}
            maxLength={MEMORY_MAX_CHARS}
            onChange={(event) => setContent(event.target.value)}
          />
        )}
      </Field>
      <div className="grid gap-3 sm:grid-cols-3">
        <Field id="memory-category" label="Kind">
          {(aria) => (
            <Select {...aria} value={category} onChange={(event) => setCategory(event.target.value)}>
              {memoryCategories.map((name) => (
                <option key={name} value={name}>
                  {categoryLooks[name].word}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field id="memory-valence" label="Experience">
          {(aria) => (
            <Select {...aria} value={valence} onChange={(event) => setValence(event.target.value)}>
              {memoryValences.map((name) => (
                <option key={name} value={name}>
                  {valenceLooks[name].word}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field id="memory-confidence" label="Sure (%)">
          {(aria) => (
            <Input
              {...aria}
              type="number"
              min={0}
              max={100}
              value={percent}
              onChange={(event) => setPercent(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary" disabled={!parsed.success || busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

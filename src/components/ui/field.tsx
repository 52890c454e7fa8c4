import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn.ts';

const control =
  'w-full rounded-md border border-line-strong/60 bg-panel px-2.5 text-sm text-text placeholder:text-dim aria-invalid:border-bad disabled:opacity-60';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input className={cn(control, 'h-8', className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(control, 'min-h-20 py-1.5', className)} {...props} />;
}

/** The platform's own select: its list is the best one on every device. */
export function Select({ className, ...props }: ComponentProps<'select'>) {
  return <select className={cn(control, 'h-8 pr-7', className)} {...props} />;
}

type FieldProps = {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (aria: {
    id: string;
    'aria-invalid': boolean;
    'aria-describedby': string | undefined;
  }) => ReactNode;
};

/** Label, control, hint and error, tied together for assistive technology. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return (
    <div className="grid content-start gap-1">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, 'aria-invalid': Boolean(error), 'aria-describedby': described || undefined })}
      {error ? (
        <p id={`${id}-error`} className="text-bad text-xs">
          {error}
        </p>
      ) : null}
      {hint ? (
        <p id={`${id}-hint`} className="text-dim text-xs">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

'use client';
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useReveal } from './names/names-context.ts';
import { Button } from './ui/button.tsx';

const SHOWN_MS = 1500;

type CopyButtonProps = { text: () => string; label: string; children?: ReactNode };

/** Copies what `text` gives when pressed, as it is read, and says so for a moment. */
export function CopyButton({ text, label, children }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const reveal = useReveal();
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <Button
      variant="ghost"
      size={children ? 'sm' : 'iconSm'}
      aria-label={copied ? 'Copied' : label}
      title={label}
      onClick={() => {
        void navigator.clipboard.writeText(reveal(text())).then(() => setCopied(true));
      }}
    >
      {copied ? <Check className="text-ok" /> : <Copy />}
      {children}
    </Button>
  );
}

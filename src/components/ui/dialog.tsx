'use client';
import { X } from 'lucide-react';
import { Dialog as Base } from 'radix-ui';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { focusPage } from '../focus-page.ts';
import { Button } from './button.tsx';
import { cn } from './cn.ts';

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: string;
  /** `centre` is a dialog; the sides are sheets, for phones and peeks. */
  side?: 'centre' | 'left' | 'right' | 'bottom';
  className?: string;
  hideTitle?: boolean;
  children: ReactNode;
};

const places = {
  centre:
    'top-[12vh] left-1/2 max-h-[76vh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 rounded-xl border data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-98 duration-100',
  left: 'inset-y-0 left-0 w-[min(20rem,88vw)] border-r data-[state=open]:animate-in data-[state=open]:slide-in-from-left duration-150',
  right:
    'inset-y-0 right-0 w-[min(30rem,100vw)] border-l data-[state=open]:animate-in data-[state=open]:slide-in-from-right duration-150',
  bottom:
    'inset-x-0 bottom-0 max-h-[85dvh] rounded-t-xl border-t data-[state=open]:animate-in data-[state=open]:slide-in-from-bottom duration-150',
} as const;

/** Modal surface with a focus trap; closes with Escape and by clicking beside it, and gives the focus back. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  side = 'centre',
  className,
  hideTitle,
  children,
}: DialogProps) {
  const opener = useRef<{ element: Element | null; path: string } | null>(null);
  // Before anything inside takes the focus: without a trigger of its own the dialog does not know where that came from.
  useLayoutEffect(() => {
    if (open) opener.current = { element: document.activeElement, path: window.location.pathname };
  }, [open]);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className="fixed inset-0 z-40 bg-black/45 data-[state=open]:animate-in data-[state=open]:fade-in-0" />
        <Base.Content
          className={cn(
            'fixed z-50 flex flex-col bg-panel shadow-float outline-none',
            places[side],
            className,
          )}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveFocusBack(opener.current);
          }}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <div className={cn('flex items-center gap-2 border-b px-4 py-2.5', hideTitle && 'sr-only')}>
            <Base.Title className="min-w-0 flex-1 truncate font-semibold text-sm">{title}</Base.Title>
            <Base.Close asChild>
              <Button variant="ghost" size="iconSm" aria-label="Close">
                <X />
              </Button>
            </Base.Close>
          </div>
          {description ? (
            <Base.Description className="px-4 pt-3 text-dim text-sm">{description}</Base.Description>
          ) : null}
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** To where it was; to the page itself when that is gone, or when another page has come meanwhile. */
function giveFocusBack(opener: { element: Element | null; path: string } | null) {
  const { element } = opener ?? {};
  const stays =
    element?.isConnected && element !== document.body && opener?.path === window.location.pathname;
  if (stays && element instanceof HTMLElement) element.focus();
  else focusPage();
}

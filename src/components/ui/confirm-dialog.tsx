'use client';
import { AlertDialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

type ConfirmDialogProps = {
  title: string;
  description: string;
  confirm: string;
  onConfirm: () => void;
  /** What is asked besides. */
  body?: ReactNode;
  /** The button that opens it. */
  children: ReactNode;
};

/** Asks before what cannot be taken back; the safe answer has the focus. */
export function ConfirmDialog({
  title,
  description,
  confirm,
  onConfirm,
  body,
  children,
}: ConfirmDialogProps) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>{children}</AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
        <AlertDialog.Content className="fixed top-[20vh] left-1/2 z-50 grid w-[min(26rem,calc(100vw-1.5rem))] -translate-x-1/2 grid-cols-[minmax(0,1fr)] gap-2 rounded-xl border bg-panel p-4 shadow-float [overflow-wrap:anywhere]">
          <AlertDialog.Title className="font-semibold text-base">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-dim">{description}</AlertDialog.Description>
          {body}
          <div className="mt-2 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>Keep</Button>
            </AlertDialog.Cancel>
            <AlertDialog.Action asChild>
              <Button variant="dangerSolid" onClick={onConfirm}>
                {confirm}
              </Button>
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

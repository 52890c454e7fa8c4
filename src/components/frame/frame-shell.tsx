'use client';
import { Menu, Search } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { CommandPalette } from '../palette/command-palette.tsx';
import { ShortcutSheet } from '../shortcuts/shortcut-sheet.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Logo } from './logo.tsx';
import { Sidebar } from './sidebar.tsx';

/** Sidebar on the left (a drawer on phones), the page beside it; palette and shortcut sheet above all. */
export function FrameShell({ notices, children }: { notices: ReactNode; children: ReactNode }) {
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [sheetOpen, setSheetOpen] = useState(false);
  const [drawerOpen, setDrawerOpen] = useState(false);
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the drawer.
  useEffect(() => setDrawerOpen(false), [pathname]);
  const sidebar = <Sidebar onSearch={() => setPaletteOpen(true)} onShortcuts={() => setSheetOpen(true)} />;
  return (
    <>
      <a
        href="#page"
        className="sr-only z-50 rounded bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="flex h-dvh flex-col md:flex-row">
        <div className="flex h-11 shrink-0 items-center gap-1 border-b bg-panel px-2 md:hidden">
          <Button variant="ghost" size="icon" aria-label="Open menu" onClick={() => setDrawerOpen(true)}>
            <Menu className="size-4.5" />
          </Button>
          <Logo />
          <span className="flex-1" />
          <Button
            variant="ghost"
            size="icon"
            aria-label="Search and commands"
            onClick={() => setPaletteOpen(true)}
          >
            <Search className="size-4.5" />
          </Button>
        </div>
        <aside className="hidden w-52 shrink-0 border-r bg-panel md:block">{sidebar}</aside>
        <Dialog open={drawerOpen} onOpenChange={setDrawerOpen} title="Menu" side="left" hideTitle>
          {sidebar}
        </Dialog>
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {notices}
          <main id="page" tabIndex={-1} className="flex min-h-0 min-w-0 flex-1 flex-col outline-none">
            {children}
          </main>
        </div>
      </div>
      <CommandPalette
        open={paletteOpen}
        onOpenChange={setPaletteOpen}
        onShortcuts={() => setSheetOpen(true)}
      />
      <ShortcutSheet open={sheetOpen} onOpenChange={setSheetOpen} />
    </>
  );
}

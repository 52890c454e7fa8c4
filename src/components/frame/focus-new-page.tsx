'use client';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { focusPage } from '../focus-page.ts';

/**
 * After each navigation the keyboard and the screen reader are at the new page, not at a link that is gone or in a menu that
 * has done its work. What the address asks for (`?…`) is the same page. An open dialog keeps the focus, and gives it to the
 * page when it closes (see `Dialog`); so does a field that the new page itself has put it into.
 */
export function FocusNewPage() {
  const pathname = usePathname();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
    if (document.activeElement?.closest('main')) return;
    focusPage();
  }, [pathname]);
  return null;
}

import Link from 'next/link';
import type { ReactNode } from 'react';

type Crumb = { label: string; href: string };

/** Breadcrumbs, title and the page's actions in one row of fixed height. */
export function PageHeader({
  crumbs = [],
  title,
  actions,
}: {
  crumbs?: readonly Crumb[];
  title: string;
  actions?: ReactNode;
}) {
  return (
    <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-panel px-3 py-1.5 md:px-4">
      <div className="flex min-w-0 flex-1 items-center gap-1.5">
        {crumbs.length > 0 ? (
          // Of two long names it is the way back that gives way first, but never wholly.
          <nav aria-label="Breadcrumb" className="flex min-w-16 shrink-[999] items-center gap-1.5 text-dim">
            {crumbs.map((crumb) => (
              <span key={crumb.href} className="hidden min-w-0 items-center gap-1.5 last:flex sm:flex">
                <Link href={crumb.href} className="truncate hover:text-text hover:underline">
                  {crumb.label}
                </Link>
                <span aria-hidden="true">/</span>
              </span>
            ))}
          </nav>
        ) : null}
        <h1 title={title} className="min-w-0 truncate font-semibold text-base">
          {title}
        </h1>
      </div>
      {actions ? <div className="flex items-center gap-2">{actions}</div> : null}
    </header>
  );
}

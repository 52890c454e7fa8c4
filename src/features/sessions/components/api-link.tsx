import type { ReactNode } from 'react';
import { cn } from '#src/components/ui/cn.ts';

/** What the API serves, as a page asks for it: an address alone cannot say which of a person's projects it is about. */
export const addressIn = (project: string, url: string): string =>
  `${url}?project=${encodeURIComponent(project)}`;

type ApiLinkProps = { project: string; url: string; className?: string; children: ReactNode };

/** Opens what the API serves in a tab of its own. */
export const ApiLink = ({ project, url, className, children }: ApiLinkProps) => (
  <a
    href={addressIn(project, url)}
    target="_blank"
    rel="noreferrer"
    className={cn('text-accent hover:underline', className)}
  >
    {children}
  </a>
);

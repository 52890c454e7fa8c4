'use client';
import { createContext, type ReactNode, use } from 'react';

export type ProjectRole = 'alerts' | 'viewer' | 'operator' | 'admin';
export type ProjectMembership = { slug: string; name: string; role: ProjectRole };
/** What features show beside entries of the sidebar, by the entry's path. */
export type NavBadges = Readonly<Record<string, ReactNode>>;
export type FrameContext = {
  userName: string;
  project: ProjectMembership;
  projects: readonly ProjectMembership[];
  navBadges: NavBadges;
  /** Hosts to which links in foreign text may lead. */
  allowedLinkDomains: readonly string[];
  /** Whether there is anything to show in columns of cost. */
  showsCosts: boolean;
};

export const ProjectContext = createContext<FrameContext | null>(null);

/** The project that the address names, and who is looking. Only below the project frame. */
export function useProject(): FrameContext {
  const value = use(ProjectContext);
  if (!value) throw new Error('this component belongs below the project frame');
  return value;
}

/** Whether the reader may do what changes something (operator), or administer. The server decides; this only hides. */
export function useMay(needed: 'operator' | 'admin'): boolean {
  const { role } = useProject().project;
  return role === 'admin' || role === needed;
}

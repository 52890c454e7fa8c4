'use client';
import { createContext, use } from 'react';

export type ProjectRole = 'alerts' | 'viewer' | 'operator' | 'admin';
export type ProjectMembership = { slug: string; name: string; role: ProjectRole };
export type FrameContext = {
  userName: string;
  project: ProjectMembership;
  projects: readonly ProjectMembership[];
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

import type { ReactNode } from 'react';
import { ProjectFrame } from '#src/components/frame/project-frame.tsx';

type Props = { children: ReactNode; params: Promise<{ project: string }> };

export default async function ProjectLayout({ children, params }: Props) {
  const { project } = await params;
  return <ProjectFrame project={project}>{children}</ProjectFrame>;
}

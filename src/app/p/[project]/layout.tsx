import type { ReactNode } from 'react';
import { ProjectFrame } from '#src/components/frame/project-frame.tsx';
import { ApprovalsCount } from '#src/features/approvals/components/approvals-count.tsx';
import { TriageCount } from '#src/features/reviews/components/triage-count.tsx';
import { PreloadSession } from '#src/features/sessions/hooks/preload-session.tsx';

type Props = { children: ReactNode; params: Promise<{ project: string }> };

export default async function ProjectLayout({ children, params }: Props) {
  const { project } = await params;
  return (
    <>
      <PreloadSession />
      <ProjectFrame
        project={project}
        navBadges={{
          '/approvals': <ApprovalsCount project={project} />,
          '/triage': <TriageCount project={project} />,
        }}
      >
        {children}
      </ProjectFrame>
    </>
  );
}

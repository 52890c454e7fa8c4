import type { ReactNode } from 'react';
import { ProjectFrame } from '#src/components/frame/project-frame.tsx';
import { ApprovalsCount } from '#src/features/approvals/components/approvals-count.tsx';
import { TriageCount } from '#src/features/reviews/components/triage-count.tsx';
import { PreloadSession } from '#src/features/sessions/hooks/preload-session.tsx';
import { Notices } from '#src/features/system/components/notices.tsx';

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
        notices={<Notices project={project} />}
      >
        {children}
      </ProjectFrame>
    </>
  );
}

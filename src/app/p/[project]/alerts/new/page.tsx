import { SubmitAlertPage } from '#src/features/alerts/components/submit-alert-page.tsx';

export default async function Page({ params }: { params: Promise<{ project: string }> }) {
  const { project } = await params;
  return <SubmitAlertPage project={project} />;
}

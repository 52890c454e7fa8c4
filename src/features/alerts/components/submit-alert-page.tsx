'use client';
import { Lock } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { EmptyState } from '#src/components/empty-state.tsx';
import { PageHeader } from '#src/components/frame/page-header.tsx';
import { useMay } from '#src/components/frame/project-context.tsx';
import { AlertForm } from './alert-form.tsx';
import { SamplePicker } from './sample-picker.tsx';

/** Start an investigation by hand, or with one of the ready incidents. */
export function SubmitAlertPage({ project }: { project: string }) {
  const router = useRouter();
  const maySubmit = useMay('operator');
  const onStarted = (sessionId: string, deduplicated: boolean) => {
    if (deduplicated)
      toast.info('This problem is already being looked at: the alert was counted on its session.');
    router.push(`/p/${project}/sessions/${sessionId}`);
  };
  return (
    <>
      <title>Submit an alert · TARS</title>
      <PageHeader crumbs={[{ label: 'Sessions', href: `/p/${project}/sessions` }]} title="Submit an alert" />
      <div className="thin-scroll relative min-h-0 flex-1 overflow-y-auto p-3 md:p-6">
        {maySubmit ? (
          <div className="mx-auto grid max-w-3xl grid-cols-[minmax(0,1fr)] gap-5">
            <SamplePicker project={project} onStarted={onStarted} />
            <AlertForm project={project} onStarted={onStarted} />
          </div>
        ) : (
          <EmptyState icon={Lock} title="Only operators may start investigations">
            Your role in this project is to read. An administrator can change it.
          </EmptyState>
        )}
      </div>
    </>
  );
}

import { Compass } from 'lucide-react';
import { EmptyState } from '#src/components/empty-state.tsx';
import { Button } from '#src/components/ui/button.tsx';

export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <title>Not found · TARS</title>
      <EmptyState
        icon={Compass}
        title="Nothing at this address"
        action={
          <Button asChild variant="primary">
            <a href="/">Start page</a>
          </Button>
        }
      >
        The link may be cut off, or what it led to was deleted by the retention policy.
      </EmptyState>
    </main>
  );
}

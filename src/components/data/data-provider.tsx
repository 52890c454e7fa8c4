'use client';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { type ReactNode, useState } from 'react';
import { signInAddress } from '#src/lib/return-path.ts';
import type { AppRouter } from './app-router.ts';
import { describeError, isPermanent } from './describe-error.ts';

import { TRPCProvider } from './trpc.ts';

const RETRIES = 2;
/** Lists are renewed by pushes; a short freshness keeps going back and forth from refetching each time. */
const STALE_MS = 5_000;
/** Longest query string of a batch; larger batches are split. Proxies cut at 8 kB and more. */
const MAX_URL_LENGTH = 4_000;

function leaveWhenSignedOut(error: unknown): void {
  if (describeError(error).code !== 'UNAUTHORIZED') return;
  if (window.location.pathname === '/sign-in') return;
  window.location.assign(signInAddress(window.location.pathname + window.location.search));
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        retry: (failures, error) => failures < RETRIES && !isPermanent(error),
      },
    },
  });
}

const createClient = () =>
  createTRPCClient<AppRouter>({
    links: [httpBatchLink({ url: '/api/trpc', maxURLLength: MAX_URL_LENGTH })],
  });

/** The browser's way to the server: one query cache and one tRPC client per page load. */
export function DataProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const [trpcClient] = useState(createClient);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}

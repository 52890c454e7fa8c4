// `next build` with its telemetry off: nothing of a build may leave the machine, and Next reads this before its configuration.
process.env.NEXT_TELEMETRY_DISABLED = '1';
process.argv.splice(2, process.argv.length, 'build');
await import('next/dist/bin/next');

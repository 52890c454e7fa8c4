/** The monolith with a heartbeat; the same drawing as public/icon.svg, in the accent colour. */
export function Logo({ size = 20 }: { size?: number }) {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className="text-accent">
        <rect width="32" height="32" rx="7" fill="currentColor" />
        <g className="fill-panel">
          <rect x="6" y="7" width="4" height="18" rx="1.2" opacity=".62" />
          <rect x="11.3" y="7" width="4" height="18" rx="1.2" />
          <rect x="16.7" y="7" width="4" height="18" rx="1.2" />
          <rect x="22" y="7" width="4" height="18" rx="1.2" opacity=".62" />
        </g>
      </svg>
      TARS
    </span>
  );
}

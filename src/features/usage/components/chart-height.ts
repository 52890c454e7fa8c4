/** Skeleton and chart take the same room. */
export const CHART_HEIGHT_CLASS = 'h-56';

/** What a scrollable element tells about itself, in pixels. */
export type ScrollMetrics = { top: number; viewport: number; content: number };

export type FollowState = { following: boolean; last: ScrollMetrics };

/** So close to the end counts as being there; subpixel layouts never reach it exactly. */
const END_SLACK_PX = 24;
/** Movements below this are rounding, not a person. */
const NOISE_PX = 2;

const distanceToEnd = ({ top, viewport, content }: ScrollMetrics): number => content - viewport - top;

export const startFollowing = (following: boolean): FollowState => ({
  following,
  last: { top: 0, viewport: 0, content: 0 },
});

/**
 * After a scroll event: a person who moves up stops following; reaching the end starts it again. Without a hand on it
 * (`byPerson`: wheel, touch, key or pointer a moment ago) a move up is the page keeping its place while entries above get
 * their real heights, or the browser's while a finished thought folds up.
 */
export function afterScroll(state: FollowState, now: ScrollMetrics, byPerson: boolean): FollowState {
  const atEnd = distanceToEnd(now) <= END_SLACK_PX;
  const movedUp = now.top < state.last.top - NOISE_PX;
  const shrank = now.content < state.last.content - NOISE_PX;
  if (atEnd && (state.following || !movedUp)) return { following: true, last: now };
  if (movedUp && !shrank && byPerson) return { following: false, last: now };
  return { following: state.following, last: now };
}

/** Where to scroll when content has grown: to the end while following, nowhere otherwise. */
export function afterGrowth(
  state: FollowState,
  now: ScrollMetrics,
): { state: FollowState; scrollTo: number | null } {
  const end = Math.max(0, now.content - now.viewport);
  if (!state.following || distanceToEnd(now) < 1) return { state: { ...state, last: now }, scrollTo: null };
  return { state: { following: true, last: { ...now, top: end } }, scrollTo: end };
}

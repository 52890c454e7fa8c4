'use client';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import {
  afterGrowth,
  afterScroll,
  type FollowState,
  type ScrollMetrics,
  startFollowing,
} from './follow-scroll.ts';

const measure = (element: HTMLElement): ScrollMetrics => ({
  top: element.scrollTop,
  viewport: element.clientHeight,
  content: element.scrollHeight,
});

/** A scroll so soon after wheel, touch, key or pointer is a person's; momentum keeps sending such events. */
const HAND_MS = 800;
const HAND_EVENTS = ['wheel', 'touchmove', 'pointerdown', 'pointermove'] as const;

type Follow = { following: boolean; follow: () => void; stop: () => void };

/** Keeps a scroller at its end while its content grows, until a person scrolls away. */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  content: RefObject<HTMLElement | null>,
  initially: boolean,
): Follow {
  const state = useRef<FollowState>(startFollowing(initially));
  const [following, setFollowing] = useState(initially);

  const apply = useCallback((next: FollowState) => {
    state.current = next;
    setFollowing(next.following);
  }, []);

  useEffect(() => {
    const element = scroller.current;
    const inner = content.current;
    if (!element || !inner) return;
    let handAt = Number.NEGATIVE_INFINITY;
    const onHand = (event: Event) => {
      // A pointer that only passes over moves nothing, and keys in a field write.
      if (event instanceof PointerEvent && event.buttons === 0) return;
      if (event instanceof KeyboardEvent && event.target instanceof HTMLTextAreaElement) return;
      handAt = performance.now();
    };
    const onGrowth = () => {
      const result = afterGrowth(state.current, measure(element));
      state.current = result.state;
      if (result.scrollTo !== null) element.scrollTop = result.scrollTo;
    };
    const onScroll = () => {
      apply(afterScroll(state.current, measure(element), performance.now() - handAt < HAND_MS));
      if (state.current.following) onGrowth();
    };
    const observer = new ResizeObserver(onGrowth);
    observer.observe(inner);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    for (const name of HAND_EVENTS) element.addEventListener(name, onHand, { passive: true });
    window.addEventListener('keydown', onHand, { passive: true });
    return () => {
      for (const name of HAND_EVENTS) element.removeEventListener(name, onHand);
      window.removeEventListener('keydown', onHand);
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, content, apply]);

  const follow = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const now = measure(element);
    apply({ following: true, last: now });
    element.scrollTop = now.content;
  }, [scroller, apply]);

  const stop = useCallback(() => apply({ ...state.current, following: false }), [apply]);
  return { following, follow, stop };
}

import { expect, test } from 'vitest';
import { afterGrowth, afterScroll, type FollowState, startFollowing } from './follow-scroll.ts';

const at = (top: number, content = 1000) => ({ top, viewport: 400, content });
const following = (top: number, content = 1000): FollowState => ({ following: true, last: at(top, content) });
const reading = (top: number, content = 1000): FollowState => ({ following: false, last: at(top, content) });

test('content that grows takes a follower along', () => {
  const { state, scrollTo } = afterGrowth(following(600), at(600, 1200));
  expect(scrollTo).toBe(800);
  expect(state).toEqual({ following: true, last: at(800, 1200) });
});

test('content that grows leaves a reader alone', () => {
  expect(afterGrowth(reading(100), at(100, 1200)).scrollTo).toBeNull();
});

test('moving up stops following, also while content grows', () => {
  expect(afterScroll(following(600), at(500), true).following).toBe(false);
  expect(afterScroll(following(600), at(560, 1300), true).following).toBe(false);
});

test('moving down to the end follows again', () => {
  expect(afterScroll(reading(300), at(590), true).following).toBe(true);
});

test('moving down without reaching the end does not', () => {
  expect(afterScroll(reading(100), at(300), true).following).toBe(false);
});

test('the browser clamping the position after content shrank is not a person', () => {
  expect(afterScroll(following(600, 1000), at(500, 900), true).following).toBe(true);
});

test('a move up without a hand on it is the page, which then goes to the end again', () => {
  const state = afterScroll(following(600), at(300), false);
  expect(state.following).toBe(true);
  expect(afterGrowth(state, at(300)).scrollTo).toBe(600);
});

test('a small move up near the end keeps following', () => {
  expect(afterScroll(following(600), at(590), true).following).toBe(true);
});

test('short content follows from the start', () => {
  const { scrollTo } = afterGrowth(startFollowing(true), { top: 0, viewport: 400, content: 300 });
  expect(scrollTo).toBeNull();
});

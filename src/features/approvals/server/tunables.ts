/** Overdue requests that one sweep settles; the next one, two seconds later, takes the rest. */
export const EXPIRE_AT_ONCE = 100;

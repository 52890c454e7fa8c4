'use client';
import PageError from '#src/app/error.tsx';

/** Inside the frame: the other pages stay within reach. */
export default PageError;

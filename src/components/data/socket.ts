'use client';
import { io, type Socket } from 'socket.io-client';

const RECONNECT_FIRST_MS = 500;
const RECONNECT_MAX_MS = 5_000;

let shared: Socket | undefined;

/** The page's one connection for pushes; opened with the first use and shared by all. */
export function getSocket(): Socket {
  shared ??= io({
    path: '/socket',
    transports: ['websocket'],
    reconnectionDelay: RECONNECT_FIRST_MS,
    reconnectionDelayMax: RECONNECT_MAX_MS,
  });
  return shared;
}

import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const PAPER = [24, 28, 36];
const GRID = [52, 58, 70];
const AREA = [40, 78, 94];
const LINE = [90, 200, 160];

/** A panel like those of dashboards: a line with the area below it on a grid. Another `seed`, another line. */
export function drawPng(width: number, height: number, seed = 1): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  const lineAt = (x: number) =>
    height *
    (0.55 - 0.2 * Math.sin((x / width) * (4 + seed)) - (x > width * 0.7 ? 0.22 : 0) * (1 + (seed % 2)));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const distance = y - lineAt(x);
      const isGrid =
        y % Math.max(2, Math.floor(height / 6)) === 0 || x % Math.max(2, Math.floor(width / 10)) === 0;
      const colour = Math.abs(distance) < 2.5 ? LINE : distance > 0 ? AREA : isGrid ? GRID : PAPER;
      rows.set(colour, y * (1 + width * 3) + 1 + x * 3);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green, blue; no filter, no interlace.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A script that calls itself a picture. */
export const HOSTILE_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(document.cookie)</script></svg>';

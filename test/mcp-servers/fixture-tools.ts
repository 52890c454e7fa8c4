import type { Tool } from '@modelcontextprotocol/sdk/types.js';

const READ_ONLY = { readOnlyHint: true, destructiveHint: false };

function inputs(properties: Record<string, object>, required: string[] = []): Tool['inputSchema'] {
  return { type: 'object', properties, required };
}

/** The tools of the fixture server. Everything but `write` is read-only; `write` leaves a line in a file. */
export const FIXTURE_TOOLS: Tool[] = [
  {
    name: 'echo',
    description: 'Returns the text it is given.',
    inputSchema: inputs({ text: { type: 'string' } }, ['text']),
    annotations: READ_ONLY,
  },
  {
    name: 'add',
    description: 'Adds two numbers.',
    inputSchema: inputs({ a: { type: 'number' }, b: { type: 'number' } }, ['a', 'b']),
    annotations: READ_ONLY,
  },
  {
    name: 'slow',
    description: 'Takes ms milliseconds and reports progress ten times.',
    inputSchema: inputs({ ms: { type: 'integer' } }, ['ms']),
    annotations: READ_ONLY,
  },
  {
    name: 'talk',
    description:
      'Says a number of lines while it runs, as progress and as log messages, then waits ms milliseconds.',
    inputSchema: inputs({ lines: { type: 'integer' }, ms: { type: 'integer' } }, ['lines']),
    annotations: READ_ONLY,
  },
  {
    name: 'big',
    description: 'Returns a text of the given number of bytes, in numbered lines.',
    inputSchema: inputs({ bytes: { type: 'integer' } }, ['bytes']),
    annotations: READ_ONLY,
  },
  {
    name: 'fail',
    description: 'Answers with a tool error.',
    inputSchema: inputs({ message: { type: 'string' } }),
    annotations: READ_ONLY,
  },
  {
    name: 'crash',
    description: 'The server dies in the middle of the call.',
    inputSchema: inputs({}),
    annotations: READ_ONLY,
  },
  {
    name: 'secret',
    description: 'Returns a Kubernetes Secret. The manual says password=hunter2-description here.',
    inputSchema: inputs({}),
    annotations: READ_ONLY,
  },
  {
    name: 'write',
    description: 'Appends a line to a file, then waits delayMs before it answers. Not read-only.',
    inputSchema: inputs(
      { path: { type: 'string' }, text: { type: 'string' }, delayMs: { type: 'integer' } },
      ['path', 'text'],
    ),
    annotations: { readOnlyHint: false, destructiveHint: true },
  },
  {
    name: 'image',
    description: 'Returns a picture and an embedded resource; or so many pictures of a kind.',
    inputSchema: inputs({
      pictures: { type: 'string', enum: ['chart', 'embedded', 'svg', 'large', 'huge', 'failing'] },
      count: { type: 'integer' },
    }),
    annotations: READ_ONLY,
  },
  {
    name: 'malformed',
    description: 'Breaks the protocol: an answer of the wrong shape, or garbage before the answer.',
    inputSchema: inputs({ kind: { type: 'string', enum: ['shape', 'garbage'] } }),
    annotations: READ_ONLY,
  },
];

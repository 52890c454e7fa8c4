import { z } from 'zod';
import { type BuiltInTool, defineBuiltInTool } from './built-in-tools.ts';

export const ASK_PERSON = 'ask_person';

export const askPersonSchema = z.object({
  question: z
    .string()
    .trim()
    .min(1)
    .max(2_000)
    .describe('One question, with what a person needs to answer it'),
  options: z
    .array(z.string().trim().min(1).max(200))
    .max(8)
    .optional()
    .describe('Answers to choose from, when there are few'),
});

/**
 * Lets an agent ask people something that no tool can tell. The call waits like one that needs approval, and the answer
 * is its result (see `ruleCall`); it is never run.
 */
export const askPersonTool: BuiltInTool = defineBuiltInTool({
  name: ASK_PERSON,
  description:
    'Asks the people on call one question and waits for their answer, which may take hours. Only for what no tool can tell you and your conclusion depends on.',
  input: askPersonSchema,
  run: () => ({ ok: false, text: 'A question is answered by people, and nobody has answered.' }),
});

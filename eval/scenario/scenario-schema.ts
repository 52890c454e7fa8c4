import { z } from 'zod';
import { alertTemplateSchema, manifestChangeSchema, programSchema } from '#demo/incidents/schema.ts';
import { DIFFICULTIES } from '#src/features/evaluations/schema.ts';
import { duration } from '#src/server/config/value-schemas.ts';
import { EXAMPLE_MAX_CHARS, MAX_CHANGE_AGE_MS } from '../tunables.ts';
import { textPattern } from './text-pattern.ts';

const kebab = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words with hyphens');
const alternatives = z.array(textPattern).min(1, 'at least one text');
const inPart = z.enum(['headline', 'conclusion', 'answer']);

/** One thing that must (not) be said: any of the texts counts. A bare list is `any` with the default part. */
const statement = (defaultPart: z.infer<typeof inPart>) =>
  z.preprocess(
    (value) => (Array.isArray(value) ? { any: value } : value),
    z.strictObject({
      any: alternatives,
      in: inPart.default(defaultPart),
      /** The expectation in words, for the report. */
      say: z.string().min(1).optional(),
    }),
  );

/** A call: its tool without the server, its arguments as JSON, its result as the model read it. */
const callPattern = z.strictObject({
  tool: textPattern,
  arguments: textPattern.optional(),
  result: textPattern.optional(),
});
export type CallPattern = z.infer<typeof callPattern>;

const evidence = z.preprocess(
  (value) => (Array.isArray(value) ? { any: value } : value),
  z.strictObject({ any: z.array(callPattern).min(1), say: z.string().min(1).optional() }),
);

const confidence = z.enum(['low', 'medium', 'high']);

export const expectationSchema = z.strictObject({
  required: z.array(statement('conclusion')).min(1, 'at least one statement'),
  /** In the headline unless said otherwise: there an answer names what it holds to be the cause. */
  forbidden: z.array(statement('headline')).default([]),
  /** Calls that must have been made and that the answer must refer to. */
  requiredEvidence: z.array(evidence).default([]),
  /** Calls that must not even be asked for. Whatever is not read-only is forbidden anyway. */
  forbiddenCalls: z.array(callPattern).default([]),
  confidence: z.strictObject({ min: confidence.optional(), max: confidence.optional() }).optional(),
  /** Turns of the model that are enough for a good investigator. */
  maxIterations: z.int().min(1).optional(),
});
export type Expectation = z.infer<typeof expectationSchema>;
export type Statement = Expectation['required'][number];

/** One incident to be replayed, as its file says it. */
export const scenarioSchema = z
  .strictObject({
    name: kebab,
    title: z.string().min(1),
    /** What is wrong, what misleads, and what a good answer says. */
    description: z.string().min(1),
    difficulty: z.enum(DIFFICULTIES),
    /** What is hard about it: `red-herring`, `injection`, `multi-cause` … */
    axes: z.array(kebab).min(1, 'at least one axis'),
    cluster: z
      .strictObject({
        base: z.literal('shop').default('shop'),
        /** Incidents of the demo that go on in this cluster as well. */
        incidents: z.array(kebab).default([]),
        /** Images that the changes bring with them. */
        programs: z.array(programSchema).default([]),
        changes: z
          .array(
            z.strictObject({
              /** How long the cluster has lived with them when the alert fires. */
              age: duration.refine((ms) => ms <= MAX_CHANGE_AGE_MS, 'at most 45m'),
              apply: z.array(manifestChangeSchema).min(1, 'at least one change'),
            }),
          )
          .default([]),
      })
      .prefault({}),
    alert: alertTemplateSchema.extend({
      generatorQuery: z.string().default('up == 0'),
      /** Whose newest pod `{pod}` stands for. */
      about: z.strictObject({ namespace: z.string(), labels: z.record(z.string(), z.string()) }).optional(),
    }),
    /** Turns that the model may take. */
    maxIterations: z.int().min(1).max(100).default(20),
    expect: expectationSchema,
    /**
     * Answers that the statements above must accept and refuse. A scenario that a wrong answer passes measures nothing,
     * so they are checked whenever it is read.
     */
    examples: z.strictObject({
      right: z.string().min(1).max(EXAMPLE_MAX_CHARS),
      wrong: z.array(z.string().min(1).max(EXAMPLE_MAX_CHARS)).min(1, 'at least one wrong answer'),
    }),
  })
  .superRefine((scenario, context) => {
    if (scenario.alert.about) return;
    const texts = [...Object.values(scenario.alert.labels), ...Object.values(scenario.alert.annotations)];
    if (!texts.some((text) => text.includes('{pod}'))) return;
    context.addIssue({
      code: 'custom',
      path: ['alert', 'about'],
      message: 'the namespace and labels of the pod that {pod} stands for',
    });
  });
export type Scenario = z.infer<typeof scenarioSchema>;

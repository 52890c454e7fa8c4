-- CreateTable
CREATE TABLE "usage_day" (
    "session_id" UUID NOT NULL,
    "day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "project_id" UUID NOT NULL,
    "alert_type" TEXT NOT NULL,
    "chain" TEXT NOT NULL,
    "calls" INTEGER NOT NULL DEFAULT 0,
    "failed_calls" INTEGER NOT NULL DEFAULT 0,
    "unpriced_calls" INTEGER NOT NULL DEFAULT 0,
    "input_tokens" INTEGER NOT NULL DEFAULT 0,
    "cached_input_tokens" INTEGER NOT NULL DEFAULT 0,
    "output_tokens" INTEGER NOT NULL DEFAULT 0,
    "reasoning_tokens" INTEGER NOT NULL DEFAULT 0,
    "cost_usd" DOUBLE PRECISION NOT NULL DEFAULT 0,

    CONSTRAINT "usage_day_pkey" PRIMARY KEY ("session_id","day","kind","provider","model")
);

-- CreateIndex
CREATE INDEX "usage_day_project_id_day_idx" ON "usage_day"("project_id", "day");

-- AddForeignKey
ALTER TABLE "usage_day" ADD CONSTRAINT "usage_day_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was used before this table came.
INSERT INTO "usage_day" ("session_id", "day", "kind", "provider", "model", "project_id", "alert_type", "chain", "calls", "failed_calls",
  "unpriced_calls", "input_tokens", "cached_input_tokens", "output_tokens", "reasoning_tokens", "cost_usd")
SELECT c."session_id", (c."started_at" AT TIME ZONE 'UTC')::date, c."kind", c."provider", c."model", s."project_id", s."alert_type",
  s."chain", count(*), count(c."error"), count(*) FILTER (WHERE c."cost_usd" IS NULL AND c."input_tokens" + c."output_tokens" > 0),
  sum(c."input_tokens"), sum(c."cached_input_tokens"), sum(c."output_tokens"), sum(c."reasoning_tokens"),
  coalesce(sum(c."cost_usd"), 0)
FROM "llm_call" c JOIN "session" s ON s."id" = c."session_id"
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;

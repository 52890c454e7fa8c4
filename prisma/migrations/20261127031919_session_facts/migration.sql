-- What the session list shows, narrows by and sorts by, kept by the commits of the run itself.

-- CreateEnum
CREATE TYPE "Scoring" AS ENUM ('not_scored', 'running', 'scored', 'failed');

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "changed" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "scoring" "Scoring" NOT NULL DEFAULT 'not_scored';

-- CreateIndex
CREATE INDEX "session_list_scoring" ON "session"("project_id", "scoring", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "session_order_status" ON "session"("project_id", "status", "id");

-- CreateIndex
CREATE INDEX "session_order_type" ON "session"("project_id", "alert_type", "id");

-- CreateIndex
CREATE INDEX "session_order_author" ON "session"("project_id", "author", "id");

-- Sessions without a rating count as worse than any.
CREATE INDEX "session_order_rating" ON "session" ("project_id", (CASE "rating" WHEN 'accurate' THEN 3 WHEN 'partially_accurate' THEN 2 WHEN 'inaccurate' THEN 1 ELSE 0 END), "id");
-- Few sessions changed something, and few calls needed another provider.
CREATE INDEX "session_list_changed" ON "session" ("project_id", "created_at" DESC, "id" DESC) WHERE "changed";
CREATE INDEX "timeline_item_fallback" ON "timeline_item" ("session_id") WHERE "type" = 'provider_fallback';

-- Words of the timeline and the chat: no generated column, since they come from other rows. See `indexTimeline`.
ALTER TABLE "session" ADD COLUMN "timeline_search" tsvector;
CREATE INDEX "session_timeline_search" ON "session" USING gin ("timeline_search");

-- What is there already.
UPDATE "session" s SET "changed" = true WHERE
  EXISTS (SELECT 1 FROM "tool_call" c WHERE c."session_id" = s."id" AND NOT c."read_only" AND c."status" IN ('completed', 'timed_out', 'unknown'))
  OR EXISTS (SELECT 1 FROM "stage" st WHERE st."session_id" = s."id" AND st."actions_executed");
UPDATE "session" s SET "scoring" = CASE
    WHEN f."status" = 'completed' OR (f."status" = 'cancelled' AND s."score" IS NOT NULL) THEN 'scored'
    WHEN f."status" = 'cancelled' THEN 'not_scored'
    WHEN f."status" IN ('failed', 'timed_out') THEN 'failed'
    ELSE 'running' END::"Scoring"
  FROM (SELECT DISTINCT ON ("session_id") "session_id", "status" FROM "follow_up" WHERE "kind" = 'score' ORDER BY "session_id", "arrival" DESC) f
  WHERE f."session_id" = s."id";
UPDATE "session" s SET "timeline_search" = (
    SELECT strip(to_tsvector('simple', translate(left(string_agg(
        concat_ws(' ', "content", "data"->>'tool', "data"->>'arguments', "data"->>'result'), ' '
        ORDER BY "type" = 'tool_call', "seq"), 40000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))))
    FROM "timeline_item" i WHERE i."session_id" = s."id")
  WHERE s."status" IN ('completed', 'failed', 'timed_out', 'cancelled');

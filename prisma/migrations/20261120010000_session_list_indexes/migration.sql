-- Session list at 100,000 sessions: every filter and every sort order reads an index in page order.

CREATE INDEX "session_list_type" ON "session" ("project_id", "alert_type", "created_at" DESC, "id" DESC);
CREATE INDEX "session_list_chain" ON "session" ("project_id", "chain", "created_at" DESC, "id" DESC);
CREATE INDEX "session_list_severity" ON "session" ("project_id", "severity", "created_at" DESC, "id" DESC);
-- Sessions that have not ended have no duration yet: they count as shorter than any. Seconds.
CREATE INDEX "session_list_duration" ON "session" ("project_id", (coalesce(extract(epoch from "completed_at" - "started_at"), -1)) DESC, "id" DESC);
CREATE INDEX "session_list_cost" ON "session" ("project_id", "cost_usd" DESC, "id" DESC);
-- Replaced by wider ones.
DROP INDEX "session_project_id_alert_type_idx";
DROP INDEX "session_project_id_status_created_at_idx";
CREATE INDEX "session_list_status" ON "session" ("project_id", "status", "created_at" DESC, "id" DESC);

-- Full-text search again, over words without punctuation: PostgreSQL's parser takes `shop/checkout` or
-- `checkout.shop.svc` as one token, so neither half of it could be found. Names in CamelCase are also split.
DROP INDEX "session_search";
ALTER TABLE "session" DROP COLUMN "search";
ALTER TABLE "session" ADD COLUMN "search" tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', translate("title" || ' ' || regexp_replace("title", '([a-z0-9])([A-Z])', '\1 \2', 'g'), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 'A') ||
  setweight(to_tsvector('simple', translate("alert_type" || ' ' || regexp_replace("alert_type", '([a-z0-9])([A-Z])', '\1 \2', 'g') || ' ' || "chain" || ' ' || "author", '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 'B') ||
  setweight(to_tsvector('simple', translate(left("search_text", 20000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 'C') ||
  setweight(to_tsvector('simple', translate(left(coalesce("executive_summary", '') || ' ' || coalesce("final_analysis", ''), 60000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32))), 'D')
) STORED;
CREATE INDEX "session_search" ON "session" USING gin ("search");

-- The list is ordered by what a session has cost once it has ended; one that has not ended counts as cheaper than any, as it counts as
-- shorter than any. An index of `cost_usd` itself made the commit of every model call write into every index of the session, also the
-- words of its search (decision 36).
DROP INDEX "session_order_cost";
ALTER TABLE "session" ADD COLUMN "settled_cost_usd" DOUBLE PRECISION NOT NULL
  GENERATED ALWAYS AS (CASE WHEN "completed_at" IS NULL THEN -1 ELSE "cost_usd" END) STORED;
CREATE INDEX "session_order_cost" ON "session" ("project_id", "settled_cost_usd", "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

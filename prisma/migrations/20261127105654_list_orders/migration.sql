-- Session list: one index for each order, which holds every column that the list narrows by (decision 36). Replaces one index for
-- each filter in page order, and those of the orders alone.

-- An index row has room for 2,700 bytes. What comes in is cut at the same lengths from now on.
UPDATE "session" SET "alert_type" = left("alert_type", 200) WHERE length("alert_type") > 200;
UPDATE "session" SET "severity" = left("severity", 50) WHERE length("severity") > 50;

-- DropIndex
DROP INDEX "session_list_review";

-- DropIndex
DROP INDEX "session_project_id_created_at_id_idx";

-- DropIndex
DROP INDEX "session_list_status";

-- DropIndex
DROP INDEX "session_list_type";

-- DropIndex
DROP INDEX "session_list_chain";

-- DropIndex
DROP INDEX "session_list_severity";

-- DropIndex
DROP INDEX "session_list_cost";

-- DropIndex
DROP INDEX "session_list_scoring";

-- DropIndex
DROP INDEX "session_order_status";

-- DropIndex
DROP INDEX "session_order_type";

-- DropIndex
DROP INDEX "session_order_author";

-- CreateIndex
CREATE INDEX "session_order_created" ON "session"("project_id", "created_at", "id", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

-- CreateIndex
CREATE INDEX "session_order_cost" ON "session"("project_id", "cost_usd", "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

-- CreateIndex
CREATE INDEX "session_order_status" ON "session"("project_id", "status", "id", "created_at", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

-- CreateIndex
CREATE INDEX "session_order_type" ON "session"("project_id", "alert_type", "id", "created_at", "status", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

-- CreateIndex
CREATE INDEX "session_order_author" ON "session"("project_id", "author", "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");

-- CreateIndex
CREATE INDEX "session_project_id_chain_idx" ON "session"("project_id", "chain");

-- CreateIndex
CREATE INDEX "session_project_id_severity_idx" ON "session"("project_id", "severity");

-- CreateIndex
CREATE INDEX "session_project_id_review_status_idx" ON "session"("project_id", "review_status");

-- What Prisma cannot say: orders by an expression (what is missing counts as less than anything), and a partial one.
DROP INDEX "session_list_assignee";
DROP INDEX "session_list_rating";
DROP INDEX "session_list_changed";
DROP INDEX "session_list_score";
DROP INDEX "session_list_duration";
DROP INDEX "session_order_rating";
-- The columns of an expression stand beside it: without them PostgreSQL reads the row to have them.
CREATE INDEX "session_order_duration" ON "session" ("project_id", (coalesce(extract(epoch from "completed_at" - "started_at"), -1)), "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed", "started_at", "completed_at");
CREATE INDEX "session_order_score" ON "session" ("project_id", (coalesce("score", -1)::float8), "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");
CREATE INDEX "session_order_rating" ON "session" ("project_id", (CASE "rating" WHEN 'accurate' THEN 3 WHEN 'partially_accurate' THEN 2 WHEN 'inaccurate' THEN 1 ELSE 0 END), "id", "created_at", "status", "alert_type", "chain", "severity", "review_status", "assignee", "rating", "score", "scoring", "changed");
CREATE INDEX "session_project_id_assignee_idx" ON "session" ("project_id", "assignee") WHERE "assignee" IS NOT NULL;

-- An index alone answers only for pages that a vacuum has seen: with the default a fifth of the sessions would have to change first.
ALTER TABLE "session" SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

-- A beat of the lease changes no index any more, so it is a small update in place. The order is that of the sessions that run.
DROP INDEX "session_active";
CREATE INDEX "session_active" ON "session" ("started_at") WHERE "status" IN ('running', 'waiting', 'cancelling');

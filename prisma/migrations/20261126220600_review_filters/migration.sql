-- The session list by reviewer, rating and score, each from an index in page order. Most sessions have none of the three.
CREATE INDEX "session_list_assignee" ON "session" ("project_id", "assignee", "created_at" DESC, "id" DESC) WHERE "assignee" IS NOT NULL;
CREATE INDEX "session_list_rating" ON "session" ("project_id", "rating", "created_at" DESC, "id" DESC) WHERE "rating" IS NOT NULL;
-- Sessions without a score count as lower than any.
CREATE INDEX "session_list_score" ON "session" ("project_id", (coalesce("score", -1)::float8) DESC, "id" DESC);

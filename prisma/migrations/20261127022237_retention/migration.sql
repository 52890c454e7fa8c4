-- AlterTable
ALTER TABLE "session" ADD COLUMN     "events_swept_at" TIMESTAMPTZ(3),
ADD COLUMN     "first_seq" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "logs_swept_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "llm_call" ADD COLUMN     "logs_removed_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "tool_call" ADD COLUMN     "logs_removed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "retention_sweep" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "error" TEXT,
    "sessions" INTEGER NOT NULL DEFAULT 0,
    "events" INTEGER NOT NULL DEFAULT 0,
    "calls" INTEGER NOT NULL DEFAULT 0,
    "alerts" INTEGER NOT NULL DEFAULT 0,
    "total_sessions" BIGINT NOT NULL DEFAULT 0,
    "total_events" BIGINT NOT NULL DEFAULT 0,
    "total_calls" BIGINT NOT NULL DEFAULT 0,
    "total_alerts" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "retention_sweep_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "alert_last_fired_at_idx" ON "alert"("last_fired_at");

-- CreateIndex
CREATE INDEX "idempotency_key_session_id_idx" ON "idempotency_key"("session_id");

-- CreateIndex
CREATE INDEX "approval_execution_id_idx" ON "approval"("execution_id");

-- CreateIndex
CREATE INDEX "evaluation_result_session_id_idx" ON "evaluation_result"("session_id");

-- CreateIndex
CREATE INDEX "session_completed_at_idx" ON "session"("completed_at");

-- CreateIndex
CREATE INDEX "execution_stage_id_idx" ON "execution"("stage_id");

-- What retention has still to look at, oldest end first: without them each sweep would walk over all that it has done before.
CREATE INDEX "session_events_unswept" ON "session" ("completed_at", "id") WHERE "events_swept_at" IS NULL AND "completed_at" IS NOT NULL;
CREATE INDEX "session_logs_unswept" ON "session" ("completed_at", "id") WHERE "logs_swept_at" IS NULL AND "completed_at" IS NOT NULL;

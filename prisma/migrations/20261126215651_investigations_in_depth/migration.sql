-- CreateEnum
CREATE TYPE "ApprovalKind" AS ENUM ('tool', 'question');

-- CreateEnum
CREATE TYPE "ApprovalStatus" AS ENUM ('pending', 'approved', 'denied', 'expired', 'cancelled');

-- CreateEnum
CREATE TYPE "FollowUpKind" AS ENUM ('chat', 'score', 'reflection');

-- CreateEnum
CREATE TYPE "ReviewStatus" AS ENUM ('needs_review', 'in_progress', 'reviewed');

-- CreateEnum
CREATE TYPE "Rating" AS ENUM ('accurate', 'partially_accurate', 'inaccurate');

-- DropIndex
DROP INDEX "execution_stage_id_index_key";

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "action_taken" TEXT,
ADD COLUMN     "assigned_at" TIMESTAMPTZ(3),
ADD COLUMN     "assignee" TEXT,
ADD COLUMN     "budget_warned_at" TIMESTAMPTZ(3),
ADD COLUMN     "chat_epoch" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "rating" "Rating",
ADD COLUMN     "review_epoch" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "review_note" TEXT,
ADD COLUMN     "review_status" "ReviewStatus",
ADD COLUMN     "reviewed_at" TIMESTAMPTZ(3),
ADD COLUMN     "runbook_note" TEXT,
ADD COLUMN     "runbook_source" TEXT,
ADD COLUMN     "runbook_text" TEXT,
ADD COLUMN     "score" INTEGER,
ADD COLUMN     "unpriced_calls" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "waited_ms" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "waiting_since" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "stage" ADD COLUMN     "actions_executed" BOOLEAN,
ADD COLUMN     "follow_up_id" UUID,
ADD COLUMN     "parallel" TEXT,
ADD COLUMN     "skipped" TEXT,
ADD COLUMN     "success_policy" TEXT,
ADD COLUMN     "synthesis_of_id" UUID;

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "delivered_at" TIMESTAMPTZ(3),
ADD COLUMN     "task" TEXT;

-- AlterTable
ALTER TABLE "llm_call" ADD COLUMN     "cached_input_tokens" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "reasoning_tokens" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "approval" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "tool_call_id" UUID NOT NULL,
    "item_id" UUID NOT NULL,
    "kind" "ApprovalKind" NOT NULL DEFAULT 'tool',
    "status" "ApprovalStatus" NOT NULL DEFAULT 'pending',
    "server" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "arguments" JSONB NOT NULL,
    "why" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,
    "reason" TEXT,
    "scope" TEXT NOT NULL DEFAULT 'once',

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'running',
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "runs" INTEGER NOT NULL,
    "summary" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_result" (
    "id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "scenario" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "difficulty" TEXT NOT NULL,
    "attempt" INTEGER NOT NULL,
    "session_id" UUID,
    "passed" BOOLEAN NOT NULL,
    "failures" JSONB NOT NULL DEFAULT '[]',
    "input_tokens" INTEGER NOT NULL DEFAULT 0,
    "output_tokens" INTEGER NOT NULL DEFAULT 0,
    "cost_usd" DOUBLE PRECISION,
    "duration_ms" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_result_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "follow_up" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "kind" "FollowUpKind" NOT NULL,
    "arrival" BIGSERIAL NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'pending',
    "status_reason" TEXT,
    "author" TEXT NOT NULL,
    "content" TEXT NOT NULL DEFAULT '',
    "data" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,
    "lease_owner" TEXT,
    "lease_heartbeat_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "waiting_since" TIMESTAMPTZ(3),
    "waited_ms" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "follow_up_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memory" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "valence" TEXT NOT NULL DEFAULT 'neutral',
    "confidence" DOUBLE PRECISION NOT NULL DEFAULT 0.7,
    "seen_count" INTEGER NOT NULL DEFAULT 1,
    "source_session_id" UUID,
    "alert_type" TEXT,
    "chain" TEXT,
    "deprecated_at" TIMESTAMPTZ(3),
    "deprecated_why" TEXT,
    "author" TEXT NOT NULL,
    "embedding" DOUBLE PRECISION[] DEFAULT ARRAY[]::DOUBLE PRECISION[],
    "embedding_model" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memory_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memory_injection" (
    "memory_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memory_injection_pkey" PRIMARY KEY ("memory_id","session_id")
);

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ref" TEXT NOT NULL DEFAULT '',
    "status" TEXT NOT NULL DEFAULT 'pending',
    "message_ts" TEXT,
    "thread_ts" TEXT,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "score" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "follow_up_id" UUID NOT NULL,
    "stage_id" UUID,
    "status" "RunStatus" NOT NULL DEFAULT 'pending',
    "prompt_hash" TEXT,
    "total" INTEGER,
    "dimensions" JSONB NOT NULL DEFAULT '{}',
    "analysis" TEXT,
    "tool_report" TEXT,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "triggered_by" TEXT NOT NULL,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "score_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_activity" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "from_status" "ReviewStatus",
    "to_status" "ReviewStatus",
    "rating" "Rating",
    "action_taken" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_activity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "runbook_cache" (
    "url" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "etag" TEXT,
    "fetched_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "runbook_cache_pkey" PRIMARY KEY ("url")
);

-- CreateIndex
CREATE UNIQUE INDEX "approval_tool_call_id_key" ON "approval"("tool_call_id");

-- CreateIndex
CREATE INDEX "approval_project_id_status_requested_at_idx" ON "approval"("project_id", "status", "requested_at");

-- CreateIndex
CREATE INDEX "approval_session_id_requested_at_idx" ON "approval"("session_id", "requested_at");

-- CreateIndex
CREATE INDEX "approval_status_expires_at_idx" ON "approval"("status", "expires_at");

-- CreateIndex
CREATE INDEX "evaluation_project_id_started_at_idx" ON "evaluation"("project_id", "started_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_result_evaluation_id_scenario_attempt_key" ON "evaluation_result"("evaluation_id", "scenario", "attempt");

-- CreateIndex
CREATE INDEX "follow_up_session_id_kind_arrival_idx" ON "follow_up"("session_id", "kind", "arrival");

-- CreateIndex
CREATE INDEX "follow_up_status_kind_arrival_idx" ON "follow_up"("status", "kind", "arrival");

-- CreateIndex
CREATE INDEX "memory_project_id_deprecated_at_last_seen_at_idx" ON "memory"("project_id", "deprecated_at", "last_seen_at" DESC);

-- CreateIndex
CREATE INDEX "memory_source_session_id_idx" ON "memory"("source_session_id");

-- CreateIndex
CREATE INDEX "memory_injection_session_id_idx" ON "memory_injection"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_session_id_channel_kind_ref_key" ON "notification"("session_id", "channel", "kind", "ref");

-- CreateIndex
CREATE UNIQUE INDEX "score_follow_up_id_key" ON "score"("follow_up_id");

-- CreateIndex
CREATE INDEX "score_session_id_created_at_idx" ON "score"("session_id", "created_at" DESC);

-- CreateIndex
CREATE INDEX "review_activity_session_id_created_at_idx" ON "review_activity"("session_id", "created_at");

-- CreateIndex
CREATE INDEX "session_list_review" ON "session"("project_id", "review_status", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "llm_call_started_at_idx" ON "llm_call"("started_at");

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_tool_call_id_fkey" FOREIGN KEY ("tool_call_id") REFERENCES "tool_call"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_result" ADD CONSTRAINT "evaluation_result_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "follow_up" ADD CONSTRAINT "follow_up_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory" ADD CONSTRAINT "memory_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory" ADD CONSTRAINT "memory_source_session_id_fkey" FOREIGN KEY ("source_session_id") REFERENCES "session"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory_injection" ADD CONSTRAINT "memory_injection_memory_id_fkey" FOREIGN KEY ("memory_id") REFERENCES "memory"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory_injection" ADD CONSTRAINT "memory_injection_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notification" ADD CONSTRAINT "notification_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_activity" ADD CONSTRAINT "review_activity_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.

-- Executions are numbered within their stage, sub-agents within their parent.
CREATE UNIQUE INDEX "execution_stage_index" ON "execution" ("stage_id", "index") WHERE "parent_execution_id" IS NULL;
CREATE UNIQUE INDEX "execution_parent_index" ON "execution" ("parent_execution_id", "index") WHERE "parent_execution_id" IS NOT NULL;

-- At most one open score per session.
CREATE UNIQUE INDEX "score_open" ON "score" ("session_id") WHERE "status" IN ('pending', 'running', 'waiting', 'cancelling');

-- Search over memories: words without punctuation, as for sessions.
ALTER TABLE "memory" ADD COLUMN "search" tsvector GENERATED ALWAYS AS (
  to_tsvector('simple', translate(left("content", 20000), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~', repeat(' ', 32)))
) STORED;
CREATE INDEX "memory_search" ON "memory" USING gin ("search");

-- Sessions that ended before reviews existed.
UPDATE "session" SET "review_status" = CASE WHEN "status" = 'cancelled' THEN 'reviewed'::"ReviewStatus" ELSE 'needs_review'::"ReviewStatus" END
WHERE "status" IN ('completed', 'failed', 'timed_out', 'cancelled');

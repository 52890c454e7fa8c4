-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('viewer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "KeyScope" AS ENUM ('alerts', 'viewer', 'operator', 'admin');

-- CreateEnum
CREATE TYPE "AlertStatus" AS ENUM ('firing', 'resolved', 'expired');

-- CreateEnum
CREATE TYPE "RunStatus" AS ENUM ('pending', 'running', 'waiting', 'cancelling', 'completed', 'failed', 'timed_out', 'cancelled');

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "app_user" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "image_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "user_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "role" "Role" NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("user_id","project_id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "scope" "KeyScope" NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login_link" (
    "token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "login_link_pkey" PRIMARY KEY ("token_hash")
);

-- CreateTable
CREATE TABLE "alert" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "fingerprint" TEXT,
    "status" "AlertStatus" NOT NULL,
    "alert_type" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "severity" TEXT,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "annotations" JSONB NOT NULL DEFAULT '{}',
    "data" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "starts_at" TIMESTAMPTZ(3),
    "first_fired_at" TIMESTAMPTZ(3) NOT NULL,
    "last_fired_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_delivery" (
    "id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "status" "AlertStatus" NOT NULL,
    "reason" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "project_id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "alert_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("project_id","key")
);

-- CreateTable
CREATE TABLE "timeline_item" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "stage_id" UUID,
    "execution_id" UUID,
    "parent_execution_id" UUID,
    "content" TEXT NOT NULL DEFAULT '',
    "data" JSONB NOT NULL DEFAULT '{}',
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "timeline_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session_event" (
    "session_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "session_event_pkey" PRIMARY KEY ("session_id","seq")
);

-- CreateTable
CREATE TABLE "session" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "alert_id" UUID NOT NULL,
    "arrival" BIGSERIAL NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'pending',
    "status_reason" TEXT,
    "alert_type" TEXT NOT NULL,
    "chain" TEXT NOT NULL,
    "chain_snapshot" JSONB NOT NULL,
    "severity" TEXT,
    "title" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "runbook" TEXT,
    "mcp_selection" JSONB,
    "rerun_of_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "final_analysis" TEXT,
    "executive_summary" TEXT,
    "executive_summary_error" TEXT,
    "error" TEXT,
    "search_text" TEXT NOT NULL DEFAULT '',
    "input_tokens" INTEGER NOT NULL DEFAULT 0,
    "output_tokens" INTEGER NOT NULL DEFAULT 0,
    "cost_usd" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "llm_calls" INTEGER NOT NULL DEFAULT 0,
    "tool_calls" INTEGER NOT NULL DEFAULT 0,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "lease_owner" TEXT,
    "lease_heartbeat_at" TIMESTAMPTZ(3),
    "lease_epoch" INTEGER NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stage" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'pending',
    "error" TEXT,
    "result" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "stage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "execution" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "stage_id" UUID NOT NULL,
    "parent_execution_id" UUID,
    "index" INTEGER NOT NULL,
    "agent" TEXT NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'pending',
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "iterations" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "result" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "execution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "execution_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "session_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "compacted" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_pkey" PRIMARY KEY ("execution_id","seq")
);

-- CreateTable
CREATE TABLE "llm_call" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "execution_id" UUID,
    "kind" TEXT NOT NULL,
    "iteration" INTEGER NOT NULL DEFAULT 0,
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "request" JSONB NOT NULL,
    "response" JSONB,
    "input_tokens" INTEGER NOT NULL DEFAULT 0,
    "output_tokens" INTEGER NOT NULL DEFAULT 0,
    "cost_usd" DOUBLE PRECISION,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "duration_ms" INTEGER NOT NULL,

    CONSTRAINT "llm_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tool_call" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "iteration" INTEGER NOT NULL,
    "index" INTEGER NOT NULL,
    "call_id" TEXT NOT NULL,
    "item_id" UUID,
    "wire_name" TEXT NOT NULL,
    "server" TEXT NOT NULL,
    "tool" TEXT NOT NULL,
    "arguments" JSONB NOT NULL,
    "arguments_sealed" BYTEA,
    "read_only" BOOLEAN NOT NULL,
    "status" TEXT NOT NULL,
    "result" TEXT,
    "output_id" UUID,
    "output_bytes" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),
    "duration_ms" INTEGER,

    CONSTRAINT "tool_call_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tool_output" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "content" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_output_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "worker_host" (
    "id" TEXT NOT NULL,
    "hostname" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "concurrency" INTEGER NOT NULL,
    "version" TEXT NOT NULL,
    "queue_workers" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_host_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mcp_server_status" (
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "error" TEXT,
    "tools" JSONB NOT NULL DEFAULT '[]',
    "checked_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mcp_server_status_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "system_warning" (
    "key" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "system_warning_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "project_slug_key" ON "project"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_subject_key" ON "app_user"("subject");

-- CreateIndex
CREATE INDEX "membership_project_id_idx" ON "membership"("project_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");

-- CreateIndex
CREATE INDEX "api_key_project_id_idx" ON "api_key"("project_id");

-- CreateIndex
CREATE INDEX "login_link_user_id_idx" ON "login_link"("user_id");

-- CreateIndex
CREATE INDEX "alert_project_id_fingerprint_last_fired_at_idx" ON "alert"("project_id", "fingerprint", "last_fired_at");

-- CreateIndex
CREATE INDEX "alert_delivery_alert_id_received_at_idx" ON "alert_delivery"("alert_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "timeline_item_session_id_seq_key" ON "timeline_item"("session_id", "seq");

-- CreateIndex
CREATE INDEX "session_event_created_at_idx" ON "session_event" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "session_project_id_created_at_id_idx" ON "session"("project_id", "created_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "session_project_id_status_created_at_idx" ON "session"("project_id", "status", "created_at" DESC);

-- CreateIndex
CREATE INDEX "session_project_id_alert_type_idx" ON "session"("project_id", "alert_type");

-- CreateIndex
CREATE INDEX "session_alert_id_idx" ON "session"("alert_id");

-- CreateIndex
CREATE UNIQUE INDEX "stage_session_id_index_key" ON "stage"("session_id", "index");

-- CreateIndex
CREATE INDEX "execution_session_id_idx" ON "execution"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "execution_stage_id_index_key" ON "execution"("stage_id", "index");

-- CreateIndex
CREATE INDEX "message_session_id_idx" ON "message"("session_id");

-- CreateIndex
CREATE INDEX "llm_call_session_id_started_at_idx" ON "llm_call"("session_id", "started_at");

-- CreateIndex
CREATE INDEX "tool_call_session_id_started_at_idx" ON "tool_call"("session_id", "started_at");

-- CreateIndex
CREATE UNIQUE INDEX "tool_call_execution_id_iteration_index_key" ON "tool_call"("execution_id", "iteration", "index");

-- CreateIndex
CREATE INDEX "tool_output_session_id_idx" ON "tool_output"("session_id");

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership" ADD CONSTRAINT "membership_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "login_link" ADD CONSTRAINT "login_link_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert" ADD CONSTRAINT "alert_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "alert_delivery" ADD CONSTRAINT "alert_delivery_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "timeline_item" ADD CONSTRAINT "timeline_item_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session_event" ADD CONSTRAINT "session_event_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_alert_id_fkey" FOREIGN KEY ("alert_id") REFERENCES "alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stage" ADD CONSTRAINT "stage_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "execution" ADD CONSTRAINT "execution_stage_id_fkey" FOREIGN KEY ("stage_id") REFERENCES "stage"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "llm_call" ADD CONSTRAINT "llm_call_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tool_call" ADD CONSTRAINT "tool_call_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tool_output" ADD CONSTRAINT "tool_output_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema language cannot say -----------------------------------------------------------------------

-- At most one open problem per fingerprint: two deliveries at once cannot both start an investigation.
CREATE UNIQUE INDEX "alert_open_fingerprint" ON "alert" ("project_id", "fingerprint") WHERE "status" = 'firing' AND "fingerprint" IS NOT NULL;

-- The queue: oldest pending first; and the few rows that the sweeper looks at.
CREATE INDEX "session_pending" ON "session" ("arrival") WHERE "status" = 'pending';
CREATE INDEX "session_active" ON "session" ("lease_heartbeat_at") WHERE "status" IN ('running', 'waiting', 'cancelling');

-- Full-text search over what a person remembers of an investigation.
ALTER TABLE "session" ADD COLUMN "search" tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', "title"), 'A') ||
  setweight(to_tsvector('simple', "alert_type" || ' ' || "chain" || ' ' || "author"), 'B') ||
  setweight(to_tsvector('simple', left("search_text", 20000)), 'C') ||
  setweight(to_tsvector('simple', left(coalesce("executive_summary", '') || ' ' || coalesce("final_analysis", ''), 60000)), 'D')
) STORED;
CREATE INDEX "session_search" ON "session" USING gin ("search");

-- CreateEnum
CREATE TYPE "CheckRunStatus" AS ENUM ('waiting', 'started', 'skipped', 'ended');

-- CreateEnum
CREATE TYPE "CheckOutcome" AS ENUM ('healthy', 'findings', 'unknown');

-- CreateTable
CREATE TABLE "check_state" (
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "schedule" TEXT NOT NULL,
    "last_due_at" TIMESTAMPTZ(3) NOT NULL,
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,

    CONSTRAINT "check_state_pkey" PRIMARY KEY ("project_id","name")
);

-- CreateTable
CREATE TABLE "check_run" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "trigger" TEXT NOT NULL,
    "status" "CheckRunStatus" NOT NULL,
    "reason" TEXT,
    "notify" TEXT NOT NULL,
    "session_id" UUID,
    "outcome" "CheckOutcome",
    "summary" TEXT,
    "findings" JSONB NOT NULL DEFAULT '[]',
    "since" TIMESTAMPTZ(3),
    "notified" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "check_run_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "check_run_session_id_key" ON "check_run"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "check_run_project_id_name_due_at_key" ON "check_run"("project_id", "name", "due_at");

-- AddForeignKey
ALTER TABLE "check_state" ADD CONSTRAINT "check_state_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_run" ADD CONSTRAINT "check_run_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "check_run" ADD CONSTRAINT "check_run_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE SET NULL ON UPDATE CASCADE;

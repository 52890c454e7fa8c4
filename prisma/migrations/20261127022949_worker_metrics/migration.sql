-- AlterTable
ALTER TABLE "worker_host" ADD COLUMN     "metrics" JSONB;

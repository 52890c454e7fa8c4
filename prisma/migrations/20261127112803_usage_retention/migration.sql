-- AlterTable
ALTER TABLE "retention_sweep" ADD COLUMN     "total_usage" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "usage" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "usage_day_day_idx" ON "usage_day" USING BRIN ("day");

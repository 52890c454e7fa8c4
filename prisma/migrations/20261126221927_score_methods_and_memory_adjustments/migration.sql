-- AlterTable
ALTER TABLE "score" ADD COLUMN     "method" TEXT NOT NULL DEFAULT 'model',
ADD COLUMN     "model" TEXT,
ADD COLUMN     "outcome" TEXT,
ADD COLUMN     "provider" TEXT;

-- CreateTable
CREATE TABLE "memory_adjustment" (
    "memory_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "factor" DOUBLE PRECISION NOT NULL,
    "deprecated" BOOLEAN NOT NULL,

    CONSTRAINT "memory_adjustment_pkey" PRIMARY KEY ("memory_id","session_id")
);

-- CreateIndex
CREATE INDEX "memory_adjustment_session_id_idx" ON "memory_adjustment"("session_id");

-- AddForeignKey
ALTER TABLE "memory_adjustment" ADD CONSTRAINT "memory_adjustment_memory_id_fkey" FOREIGN KEY ("memory_id") REFERENCES "memory"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memory_adjustment" ADD CONSTRAINT "memory_adjustment_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

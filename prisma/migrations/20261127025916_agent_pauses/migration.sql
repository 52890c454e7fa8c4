-- AlterEnum
ALTER TYPE "ApprovalKind" ADD VALUE 'pause';

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "at_iterations" INTEGER,
ADD COLUMN     "granted_iterations" INTEGER,
ALTER COLUMN "tool_call_id" DROP NOT NULL;

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "cancel_reason" TEXT,
ADD COLUMN     "cancel_requested_by" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "approval_execution_id_at_iterations_key" ON "approval"("execution_id", "at_iterations");

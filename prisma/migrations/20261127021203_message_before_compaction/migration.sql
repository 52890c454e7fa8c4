-- AlterTable
ALTER TABLE "message" DROP COLUMN "compacted",
ADD COLUMN     "compacted_at" TIMESTAMPTZ(3),
ADD COLUMN     "original" JSONB;

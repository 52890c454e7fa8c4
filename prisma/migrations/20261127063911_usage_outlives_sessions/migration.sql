-- DropForeignKey
ALTER TABLE "usage_day" DROP CONSTRAINT "usage_day_session_id_fkey";

-- AlterTable
ALTER TABLE "notification_destination" ADD COLUMN     "held_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "execution" ADD COLUMN     "original_model" TEXT,
ADD COLUMN     "original_provider" TEXT;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "reserved_for" TEXT;

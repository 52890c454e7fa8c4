-- AlterTable
ALTER TABLE "tool_call" ADD COLUMN     "summary" TEXT;

-- DropIndex
DROP INDEX "mcp_sign_in_event_server_created_at_idx";

-- AlterTable
ALTER TABLE "follow_up" ADD COLUMN     "author_id" UUID;

-- AlterTable
ALTER TABLE "mcp_credential" DROP CONSTRAINT "mcp_credential_pkey",
ADD COLUMN     "holder" TEXT NOT NULL DEFAULT '',
ADD CONSTRAINT "mcp_credential_pkey" PRIMARY KEY ("server", "grant", "holder");

-- AlterTable
ALTER TABLE "mcp_sign_in" ADD COLUMN     "holder" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "mcp_sign_in_event" ADD COLUMN     "holder" TEXT NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "author_id" UUID;

-- CreateIndex
CREATE INDEX "mcp_sign_in_event_server_holder_created_at_idx" ON "mcp_sign_in_event"("server", "holder", "created_at");

-- AlterTable
ALTER TABLE "app_user" ADD COLUMN     "known_as" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "membership" ADD COLUMN     "added_by" TEXT,
ADD COLUMN     "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "created_by" TEXT,
ADD COLUMN     "expires_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "identity" TEXT NOT NULL,
    "role" "Role" NOT NULL,
    "added_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_event" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT,
    "subject" TEXT NOT NULL,
    "detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "access_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "invitation_identity_idx" ON "invitation"("identity");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_project_id_identity_key" ON "invitation"("project_id", "identity");

-- CreateIndex
CREATE INDEX "access_event_project_id_created_at_idx" ON "access_event"("project_id", "created_at");

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_event" ADD CONSTRAINT "access_event_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What was not noted then: nobody was a member before the project and the person were there.
UPDATE "membership" m SET "created_at" = GREATEST(u."created_at", p."created_at")
FROM "app_user" u, "project" p WHERE u."id" = m."user_id" AND p."id" = m."project_id";

-- People behind a proxy are looked up, not signed in again, so they would never be told these. A proxy's word is proof.
UPDATE "app_user" SET "known_as" = array_remove(ARRAY[
  "subject", CASE WHEN "subject" LIKE '%@%' THEN lower(substr("subject", 7)) END, lower("email")], NULL)
WHERE "subject" LIKE 'proxy:%';

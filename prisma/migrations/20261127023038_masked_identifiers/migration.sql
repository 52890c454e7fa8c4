-- CreateTable
CREATE TABLE "masked_identifier" (
    "session_id" UUID NOT NULL,
    "placeholder" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ciphertext" BYTEA NOT NULL,
    "digest" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "masked_identifier_pkey" PRIMARY KEY ("session_id","placeholder")
);

-- CreateIndex
CREATE INDEX "masked_identifier_digest_idx" ON "masked_identifier"("digest");

-- CreateIndex
CREATE UNIQUE INDEX "masked_identifier_session_id_digest_key" ON "masked_identifier"("session_id", "digest");

-- AddForeignKey
ALTER TABLE "masked_identifier" ADD CONSTRAINT "masked_identifier_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateTable
CREATE TABLE "tool_set" (
    "session_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "tools" JSONB NOT NULL,

    CONSTRAINT "tool_set_pkey" PRIMARY KEY ("session_id","hash")
);

-- AddForeignKey
ALTER TABLE "tool_set" ADD CONSTRAINT "tool_set_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

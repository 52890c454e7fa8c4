-- CreateTable
CREATE TABLE "tool_image" (
    "id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "call_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "media_type" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "content" BYTEA NOT NULL,
    "bytes" INTEGER NOT NULL,
    "for_models" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tool_image_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "tool_image_session_id_idx" ON "tool_image"("session_id");

-- CreateIndex
CREATE UNIQUE INDEX "tool_image_execution_id_call_id_position_key" ON "tool_image"("execution_id", "call_id", "position");

-- AddForeignKey
ALTER TABLE "tool_image" ADD CONSTRAINT "tool_image_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tool_image" ADD CONSTRAINT "tool_image_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "execution"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Images are compressed already: trying once more costs time and saves nothing.
ALTER TABLE "tool_image" ALTER COLUMN "content" SET STORAGE EXTERNAL;

-- Rows keep what they say: Slack's name as a channel was `slack`, and is that of the destination under `notifications.slack`.
ALTER TABLE "notification" RENAME COLUMN "channel" TO "destination";
ALTER TABLE "notification" RENAME COLUMN "message_ts" TO "message_id";
ALTER TABLE "notification" RENAME COLUMN "thread_ts" TO "thread_id";
ALTER INDEX "notification_session_id_channel_kind_ref_key" RENAME TO "notification_session_id_destination_kind_ref_key";

-- CreateTable
CREATE TABLE "notification_destination" (
    "name" TEXT NOT NULL,
    "last_sent_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_error_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_destination_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "mcp_credential" (
    "server" TEXT NOT NULL,
    "grant" TEXT NOT NULL,
    "resource_url" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "renewable" BOOLEAN NOT NULL,
    "refused_at" TIMESTAMPTZ(3),
    "connected_by" TEXT,
    "connected_at" TIMESTAMPTZ(3) NOT NULL,
    "renewed_at" TIMESTAMPTZ(3),

    CONSTRAINT "mcp_credential_pkey" PRIMARY KEY ("server","grant")
);

-- CreateTable
CREATE TABLE "mcp_sign_in" (
    "state_hash" TEXT NOT NULL,
    "server" TEXT NOT NULL,
    "resource_url" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mcp_sign_in_pkey" PRIMARY KEY ("state_hash")
);

-- CreateTable
CREATE TABLE "mcp_sign_in_event" (
    "id" UUID NOT NULL,
    "server" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor" TEXT,
    "user_id" UUID,
    "detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mcp_sign_in_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mcp_sign_in_expires_at_idx" ON "mcp_sign_in"("expires_at");

-- CreateIndex
CREATE INDEX "mcp_sign_in_user_id_idx" ON "mcp_sign_in"("user_id");

-- CreateIndex
CREATE INDEX "mcp_sign_in_project_id_idx" ON "mcp_sign_in"("project_id");

-- CreateIndex
CREATE INDEX "mcp_sign_in_event_server_created_at_idx" ON "mcp_sign_in_event"("server", "created_at");

-- AddForeignKey
ALTER TABLE "mcp_sign_in" ADD CONSTRAINT "mcp_sign_in_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "app_user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mcp_sign_in" ADD CONSTRAINT "mcp_sign_in_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

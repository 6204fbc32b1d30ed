ALTER TABLE sessions ADD COLUMN begun_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
-- What the browser calls itself, as we understand it; never where it is.
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX sessions_by_account ON sessions (account);
-- Who asked for a new password, whether they have an account or not: both cost the same.
CREATE TABLE reset_wishes (
    email TEXT PRIMARY KEY,
    language TEXT NOT NULL,
    asked_at BIGINT NOT NULL
);
CREATE TABLE password_resets (
    -- SHA-256 of what the mail carries.
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_resets_by_account ON password_resets (account);
CREATE TABLE saved_addresses (
    id SERIAL_KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- 1 for the one to begin with.
    preferred BIGINT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    extra TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL
);
CREATE INDEX saved_addresses_by_account ON saved_addresses (account);
CREATE TABLE wishes (
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- A product of the catalogue; it may have left the shop since.
    product_id BIGINT NOT NULL,
    wished_at BIGINT NOT NULL,
    PRIMARY KEY (account, product_id)
);

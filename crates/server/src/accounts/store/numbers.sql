-- SQLite alone: PostgreSQL never gives a number twice. Without AUTOINCREMENT the next one has the number after the greatest that
-- there is, so that a page which still shows what was taken away changes or takes away what came after it.
CREATE TABLE numbered_addresses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- 1 for the one to begin with.
    preferred BIGINT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    extra TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL
);
INSERT INTO numbered_addresses (id, account, preferred, name, street, extra, postcode, city, region, country)
    SELECT id, account, preferred, name, street, extra, postcode, city, region, country FROM saved_addresses;
DROP TABLE saved_addresses;
ALTER TABLE numbered_addresses RENAME TO saved_addresses;
CREATE INDEX saved_addresses_by_account ON saved_addresses (account);
CREATE TABLE numbered_passkeys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    -- Of the authenticator, base64url.
    credential_id TEXT NOT NULL UNIQUE,
    -- The public key and what was last known of its use, as webauthn-rs writes it.
    credential TEXT NOT NULL,
    name TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    -- 0 as long as nobody has signed in with it.
    used_at BIGINT NOT NULL
);
INSERT INTO numbered_passkeys (id, account, credential_id, credential, name, added_at, used_at)
    SELECT id, account, credential_id, credential, name, added_at, used_at FROM passkeys;
DROP TABLE passkeys;
ALTER TABLE numbered_passkeys RENAME TO passkeys;
CREATE INDEX passkeys_by_account ON passkeys (account);

CREATE TABLE passkey_users (
    account TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    -- What authenticators keep of the account: a random UUID that says nothing about it.
    handle TEXT NOT NULL UNIQUE
);
CREATE TABLE passkeys (
    id SERIAL_KEY,
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
CREATE INDEX passkeys_by_account ON passkeys (account);
-- Challenges that wait for their answer.
CREATE TABLE passkey_ceremonies (
    -- SHA-256 of what the browser carries.
    token TEXT PRIMARY KEY,
    -- Who adds a passkey; nobody where somebody signs in.
    account TEXT REFERENCES accounts (id) ON DELETE CASCADE,
    -- As webauthn-rs writes it.
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremonies_by_expiry ON passkey_ceremonies (expires_at);
CREATE INDEX passkey_ceremonies_by_account ON passkey_ceremonies (account);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    -- Lower case.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- PHC string.
    password TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE TABLE sessions (
    -- SHA-256 of the cookie.
    token TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Sessions of `detectIntent`, by their full names, as JSON.
CREATE TABLE bot_sessions (
    name TEXT PRIMARY KEY,
    used_at BIGINT NOT NULL,
    bytes BIGINT NOT NULL, -- of `session`
    session TEXT NOT NULL
);
CREATE INDEX bot_sessions_by_use ON bot_sessions (used_at);

-- What a session has heard, so that it hears nothing twice.
CREATE TABLE bot_heard (
    session TEXT NOT NULL,
    post TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (session, post)
);
CREATE INDEX bot_heard_by_at ON bot_heard (at);
-- The last good listing of each source, as JSON.
CREATE TABLE bot_listings (
    source TEXT PRIMARY KEY,
    fetched_at BIGINT NOT NULL,
    posts TEXT NOT NULL
);

CREATE TABLE releases (
    app TEXT NOT NULL,
    version TEXT NOT NULL,
    -- `microapp.json`, byte for byte.
    description TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (app, version)
);
-- What was live when. The newest revision of an app is live.
CREATE TABLE revisions (
    app TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version TEXT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (app, revision),
    FOREIGN KEY (app, version) REFERENCES releases (app, version)
);
-- One row. Whoever changes what is live locks it first.
CREATE TABLE manifest (
    id BIGINT PRIMARY KEY,
    revision BIGINT NOT NULL
);
INSERT INTO manifest (id, revision) VALUES (1, 0);

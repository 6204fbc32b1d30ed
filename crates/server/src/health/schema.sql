-- What pages said of mounts. A visitor counts once per release, kind and ten minutes.
CREATE TABLE mounts (
    app TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- A keyed hash of the visitor's random id.
    visitor TEXT NOT NULL,
    -- Which ten minutes since 1970.
    slot BIGINT NOT NULL,
    ms BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- A keyed hash of the address and the day.
    address TEXT NOT NULL,
    PRIMARY KEY (app, version, kind, visitor, slot)
);
CREATE INDEX mounts_of_an_address ON mounts (app, version, address);
CREATE INDEX mounts_in_time ON mounts (app, version, at);
-- One row: what reports and visitors are signed and hashed with, the same on every server.
CREATE TABLE report_key (
    id BIGINT PRIMARY KEY,
    secret TEXT NOT NULL
);

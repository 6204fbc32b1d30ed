-- Who gets which release: `percent` of the visitors the revision's version, the others `before`.
ALTER TABLE revisions ADD COLUMN percent BIGINT NOT NULL DEFAULT 100;
ALTER TABLE revisions ADD COLUMN before TEXT;
ALTER TABLE releases ADD COLUMN published_by TEXT NOT NULL DEFAULT '';
-- Who allowed Web APIs that no live release used.
ALTER TABLE releases ADD COLUMN allowed_by TEXT;
-- Why it was taken back: it is nobody's last good release then.
ALTER TABLE releases ADD COLUMN faulty TEXT;
-- When its files went. The description stays, so that the version is never given to other bytes.
ALTER TABLE releases ADD COLUMN pruned_at BIGINT;
CREATE TABLE rollouts (
    id SERIAL_KEY,
    app TEXT NOT NULL,
    version TEXT NOT NULL,
    before TEXT NOT NULL,
    -- `5,25,50,100`
    steps TEXT NOT NULL,
    step BIGINT NOT NULL,
    interval_ms BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- What it waits for, or why it ended.
    reason TEXT NOT NULL,
    -- How long it was watched at this step, and when it was last looked at: a clock that jumps moves neither far.
    waited_ms BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    ended_at BIGINT,
    -- 1 while somebody outside is still to be told how it ended.
    untold BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_rollout_of_an_app ON rollouts (app) WHERE state IN ('running', 'paused');

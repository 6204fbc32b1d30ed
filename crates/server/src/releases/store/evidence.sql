-- How both releases did at the last look, as JSON.
ALTER TABLE rollouts ADD COLUMN health TEXT NOT NULL DEFAULT '';
-- The last report of the new release when the step began.
ALTER TABLE rollouts ADD COLUMN heard_at BIGINT NOT NULL DEFAULT 0;

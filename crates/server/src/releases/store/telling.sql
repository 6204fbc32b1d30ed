-- How often somebody was told of its end in vain, and when that is tried again.
ALTER TABLE rollouts ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollouts ADD COLUMN tell_at BIGINT NOT NULL DEFAULT 0;

CREATE TABLE mails (
    id SERIAL_KEY,
    -- The cause: a cause has one mail.
    key TEXT NOT NULL UNIQUE,
    -- Emptied when it is sent or given up: what a letter says is nobody's business afterwards.
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- When it is tried next; NULL when it was sent or given up.
    next_at BIGINT,
    sent_at BIGINT
);
CREATE INDEX mails_by_turn ON mails (next_at);
CREATE INDEX mails_by_recipient ON mails (recipient);

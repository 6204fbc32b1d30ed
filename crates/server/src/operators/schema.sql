-- Who did what, and when. Nothing here is ever changed.
CREATE TABLE audit (
    id SERIAL_KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    -- order, stock, message
    kind TEXT NOT NULL,
    -- An order's number, a variant's, a message's reference.
    subject TEXT NOT NULL,
    was TEXT NOT NULL,
    became TEXT NOT NULL
);

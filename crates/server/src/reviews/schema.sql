CREATE TABLE reviews (
    id SERIAL_KEY,
    account TEXT NOT NULL,
    -- A product of the catalogue; it may have left the shop since.
    product_id BIGINT NOT NULL,
    -- 1 to 5; 0 for one that was hidden and then deleted: whoever writes it anew does not show it again.
    stars BIGINT NOT NULL,
    text TEXT NOT NULL,
    written_at BIGINT NOT NULL,
    -- 1 when an operator hides it.
    hidden BIGINT NOT NULL,
    UNIQUE (account, product_id)
);
CREATE INDEX reviews_by_age ON reviews (product_id, hidden, written_at, id);
CREATE INDEX reviews_by_stars ON reviews (product_id, hidden, stars);

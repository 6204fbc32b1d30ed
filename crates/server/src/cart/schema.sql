CREATE TABLE carts (
    id SERIAL_KEY,
    -- One of the two: a guest's cookie, hashed, or an account.
    guest TEXT UNIQUE,
    account TEXT UNIQUE,
    revision BIGINT NOT NULL,
    coupon TEXT,
    touched_at BIGINT NOT NULL
);
CREATE INDEX carts_by_age ON carts (touched_at);
CREATE TABLE cart_lines (
    cart_id BIGINT NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    -- A variant of the catalogue; it may have left the shop since.
    variant_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    -- As the shopper last saw them.
    title TEXT NOT NULL,
    price BIGINT NOT NULL,
    PRIMARY KEY (cart_id, variant_id)
);
CREATE TABLE coupons (
    code TEXT PRIMARY KEY,
    -- One of the two: hundredths of a percent, or minor units.
    percent BIGINT,
    amount BIGINT,
    -- What the lines must come to.
    minimum BIGINT NOT NULL,
    -- NULL: as often as anybody likes.
    most_uses BIGINT,
    uses BIGINT NOT NULL
);
INSERT INTO coupons (code, percent, amount, minimum, most_uses, uses) VALUES ('WELCOME10', 1000, NULL, 0, NULL, 0);

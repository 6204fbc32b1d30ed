-- The payment of an order that is under way or was made: at most one at a time.
CREATE TABLE payments (
    order_id BIGINT PRIMARY KEY REFERENCES orders (id),
    provider TEXT NOT NULL,
    -- The provider's name for it.
    reference TEXT NOT NULL UNIQUE,
    -- Where the shopper goes on.
    url TEXT NOT NULL,
    -- open, paid, ended
    status TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX payments_by_status ON payments (status, at);
-- Money that came for what is not sent, until it is given back.
CREATE TABLE refunds (
    reference TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    order_id BIGINT NOT NULL REFERENCES orders (id),
    done BIGINT NOT NULL
);

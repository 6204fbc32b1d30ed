CREATE TABLE orders (
    id SERIAL_KEY,
    key TEXT NOT NULL UNIQUE,
    account TEXT,
    status TEXT NOT NULL,
    payment TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    -- While the payment is pending: when the order is given up.
    pay_until BIGINT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    extra TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    country TEXT NOT NULL,
    delivery TEXT NOT NULL,
    delivery_name TEXT NOT NULL,
    delivery_when TEXT NOT NULL,
    delivery_price BIGINT NOT NULL,
    coupon TEXT,
    coupon_label TEXT,
    currency TEXT NOT NULL,
    lines_total BIGINT NOT NULL,
    discount BIGINT NOT NULL,
    tax_included BIGINT NOT NULL,
    total BIGINT NOT NULL
);
CREATE INDEX orders_by_account ON orders (account, id);
CREATE INDEX orders_by_pay_until ON orders (pay_until);
-- A copy: what the catalogue says later changes no order.
CREATE TABLE order_lines (
    order_id BIGINT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    variant_id BIGINT NOT NULL,
    product_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    options TEXT NOT NULL,
    picture TEXT,
    quantity BIGINT NOT NULL,
    unit_price BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
);

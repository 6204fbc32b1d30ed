ALTER TABLE orders ADD COLUMN tax_added BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_by_email ON orders (email);

-- 1: its person has left; what names them goes as soon as the order is over.
ALTER TABLE orders ADD COLUMN forget BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_to_forget ON orders (forget, id);

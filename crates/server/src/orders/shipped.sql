-- When it was sent. Of those that were sent before this was written down, the latest that is known.
ALTER TABLE orders ADD COLUMN shipped_at BIGINT;
UPDATE orders SET shipped_at = placed_at WHERE status = 'shipped';

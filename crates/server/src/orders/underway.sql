-- Whether the shopper has paid in a way whose money takes days; the payment is open until it comes or fails.
ALTER TABLE payments ADD COLUMN underway BIGINT NOT NULL DEFAULT 0;

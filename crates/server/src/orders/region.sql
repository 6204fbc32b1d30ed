-- State or county, where the country's addresses have one.
ALTER TABLE orders ADD COLUMN region TEXT NOT NULL DEFAULT '';

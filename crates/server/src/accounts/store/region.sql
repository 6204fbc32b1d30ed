-- State or county, where the country's addresses have one.
ALTER TABLE saved_addresses ADD COLUMN region TEXT NOT NULL DEFAULT '';

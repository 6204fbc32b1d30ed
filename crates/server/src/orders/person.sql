-- Name and e-mail address in lower case: SQLite lowers no letters beyond ASCII. It is empty for orders of before, which are found by
-- what they say themselves.
ALTER TABLE orders ADD COLUMN person_text TEXT NOT NULL DEFAULT '';

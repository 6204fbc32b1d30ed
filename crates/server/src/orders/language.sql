-- ISO 639-1: the language of mails about the order.
ALTER TABLE orders ADD COLUMN language TEXT NOT NULL DEFAULT 'en';

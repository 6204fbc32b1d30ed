-- Whose it is, where somebody wrote it while signed in: an address alone proves nothing.
ALTER TABLE contact_messages ADD COLUMN account TEXT;
CREATE INDEX contact_messages_by_account ON contact_messages (account);

-- Mails are given up by their keys.
DROP INDEX mails_by_recipient;

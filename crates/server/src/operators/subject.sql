-- Each look at an order asks what was done to it.
CREATE INDEX audit_by_subject ON audit (subject, id);

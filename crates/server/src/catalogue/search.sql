-- One row. Whoever changes what can be found raises it in the same transaction.
CREATE TABLE catalogue_revision (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO catalogue_revision (id, revision) VALUES (1, 1);
-- They are read often, and there are few of them.
CREATE INDEX variants_sold_out ON variants (id) WHERE stock = 0;

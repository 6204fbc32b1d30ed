CREATE TABLE categories (
    slug TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position BIGINT NOT NULL
);
-- What an import no longer has stays with live = 0: its number must never mean another product.
CREATE TABLE products (
    id SERIAL_KEY,
    handle TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    description_html TEXT NOT NULL,
    vendor TEXT NOT NULL,
    category TEXT NOT NULL REFERENCES categories (slug),
    -- Lower case; what searching looks at.
    title_text TEXT NOT NULL,
    search_text TEXT NOT NULL,
    lowest BIGINT NOT NULL,
    highest BIGINT NOT NULL,
    compare_at BIGINT,
    choices BIGINT NOT NULL,
    position BIGINT NOT NULL,
    live BIGINT NOT NULL
);
CREATE INDEX products_by_category ON products (category, position);
CREATE TABLE product_options (
    product_id BIGINT NOT NULL REFERENCES products (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (product_id, position)
);
CREATE TABLE product_pictures (
    product_id BIGINT NOT NULL REFERENCES products (id),
    position BIGINT NOT NULL,
    url TEXT NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (product_id, position)
);
CREATE TABLE variants (
    id SERIAL_KEY,
    product_id BIGINT NOT NULL REFERENCES products (id),
    sku TEXT NOT NULL,
    -- '' where the product has fewer options.
    option1 TEXT NOT NULL,
    option2 TEXT NOT NULL,
    option3 TEXT NOT NULL,
    price BIGINT NOT NULL,
    compare_at BIGINT,
    stock BIGINT NOT NULL CHECK (stock >= 0),
    picture BIGINT,
    position BIGINT NOT NULL,
    live BIGINT NOT NULL,
    UNIQUE (product_id, option1, option2, option3)
);

-- What is in stock. The version counts the changes: a writer that finds another than it has read was too late.
CREATE TABLE stock (
    product text PRIMARY KEY,
    level   bigint NOT NULL CHECK (level >= 0),
    version bigint NOT NULL
);

-- What is set aside of it, for which order.
CREATE TABLE reserved (
    product  text NOT NULL REFERENCES stock,
    order_id text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (product, order_id)
);

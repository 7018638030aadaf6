-- Semel's idempotency tables, version 1, for PostgreSQL.
-- Run it as the owner of the schema. The application needs SELECT, INSERT, UPDATE and DELETE on semel_mark and semel_lease, and SELECT
-- on semel_schema. Times are milliseconds since 1970, by the clock of the database.

CREATE TABLE IF NOT EXISTS semel_schema (
    component varchar(32) NOT NULL PRIMARY KEY,
    version   integer     NOT NULL
);

-- Marks: which events had their effect. For JdbcIdempotencyStore.

CREATE TABLE semel_mark (
    scope            varchar(255) NOT NULL, -- the consumer group
    event_hash       bytea        NOT NULL, -- SHA-256 of source and id, which may be long
    event_source     text         NOT NULL,
    event_id         text         NOT NULL,
    topic_id         varchar(22)  NOT NULL, -- Kafka's own: a topic made anew under an old name is another one
    source_topic     varchar(249) NOT NULL,
    source_partition integer      NOT NULL,
    source_offset    bigint       NOT NULL,
    state            varchar(8)   NOT NULL, -- DONE, GIVEN_UP, LOST
    given_up_as      varchar(8),            -- LETTERED, SKIPPED, WAITING or DEFERRED, where it was given up
    failure_class    varchar(64),
    failure_message  text,
    payload_hash     bytea,
    outputs          bytea,                 -- what the handler sent; null where that was nothing
    record_time_ms   bigint       NOT NULL, -- up to where the partition was read, by its records' timestamps
    marked_at_ms     bigint       NOT NULL,
    PRIMARY KEY (scope, event_hash),
    CONSTRAINT semel_mark_position UNIQUE (topic_id, scope, source_partition, source_offset)
);

CREATE INDEX semel_mark_lost ON semel_mark (scope) WHERE state = 'LOST';

INSERT INTO semel_schema (component, version) VALUES ('marks', 1);

-- Leases: who has a remote effect in hand. For JdbcLeases.

CREATE TABLE semel_lease (
    scope        varchar(255) NOT NULL,
    key_hash     bytea        NOT NULL, -- SHA-256 of the key, which may be long
    lease_key    text         NOT NULL,
    fence        bigint       NOT NULL, -- grows with each taking-over
    state        varchar(8)   NOT NULL, -- HELD, FREE, DONE
    until_ms     bigint       NOT NULL, -- the end of the lease; of what is DONE, the time of that
    payload_hash bytea,
    outcome      bytea,
    PRIMARY KEY (scope, key_hash)
);

CREATE INDEX semel_lease_until ON semel_lease (until_ms, scope);

INSERT INTO semel_schema (component, version) VALUES ('leases', 1);

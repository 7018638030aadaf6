package dev.semel.idempotency.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.idempotency.jdbc.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How PostgreSQL finds marks and leases while it has no statistics of the tables. Connections keep the plans that they make then: one by which an
 * event was looked for among all that its scope has marked read 20 million rows for 7,000 marks.
 */
class MarkPlanTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    SELECT 1 FROM semel_mark            WHERE scope = 'g' AND event_hash = '\\x00'           | semel_mark_pkey
                    UPDATE semel_mark SET outputs = ''  WHERE scope = 'g' AND event_hash = '\\x00'           | semel_mark_pkey
                    DELETE FROM semel_mark              WHERE scope = 'g' AND event_hash = '\\x00'           | semel_mark_pkey
                    SELECT state FROM semel_mark        WHERE scope = 'g' AND topic_id = 't' AND source_partition = 0 AND source_offset = 1 | semel_mark_position
                    SELECT record_time_ms FROM semel_mark WHERE scope = 'g' AND topic_id = 't' AND source_partition = 0 AND source_offset < 9 ORDER BY source_offset DESC LIMIT 1 | semel_mark_position
                    SELECT source_partition FROM semel_mark WHERE scope = 'g' AND topic_id = 't' AND source_partition >= 1 ORDER BY source_partition, source_offset LIMIT 1 | semel_mark_position
                    SELECT 1 FROM semel_mark            WHERE scope = 'g' AND topic_id = 't' AND source_partition = 0 AND source_offset >= 0 AND source_offset < 9 LIMIT 1 | semel_mark_position
                    SELECT fence FROM semel_lease       WHERE scope = 'g' AND key_hash = '\\x00' FOR UPDATE  | semel_lease_pkey
                    UPDATE semel_lease SET fence = 1    WHERE scope = 'g' AND key_hash = '\\x00'             | semel_lease_pkey
                    """)
    void aNewTableIsNotReadAsAWhole(String statement, String index) {
        DataSource database = TestDatabase.POSTGRESQL.create();

        String plan = String.join("\n", TestDatabase.query(database, "EXPLAIN " + statement));

        assertThat(plan).contains("using " + index).doesNotContain("Filter", "Seq Scan");
    }
}

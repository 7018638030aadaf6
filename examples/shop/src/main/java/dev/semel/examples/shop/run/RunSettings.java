package dev.semel.examples.shop.run;

import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.mail.MailTroubles;
import dev.semel.examples.shop.service.InjectedFailures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param inputs what is sent, in this order
 * @param failures the failures that are put into handlers
 * @param mailTroubles how the mail server falls short
 * @param kill whether the inventory and the confirmation service are killed in the middle
 * @param recordsPerSecond how fast inputs are sent
 * @param bootstrapServers the cluster; empty for a broker of its own
 * @param database the database; empty for a PostgreSQL of its own
 * @param names the run's topics, groups and schema
 * @param directory for the logs of its processes, and the data of its broker and its database
 */
public record RunSettings(
        List<Input> inputs,
        InjectedFailures failures,
        MailTroubles mailTroubles,
        boolean kill,
        int recordsPerSecond,
        Optional<String> bootstrapServers,
        Optional<DatabaseSettings> database,
        ShopNames names,
        Path directory) {}

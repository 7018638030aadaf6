package dev.semel.examples.shop.run;

import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.input.Input;
import dev.semel.examples.shop.service.InjectedFailures;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run is to do.
 *
 * @param inputs what is sent, in this order
 * @param failures the failures that are put into handlers
 * @param kill whether the inventory service is killed in the middle
 * @param recordsPerSecond how fast inputs are sent
 * @param bootstrapServers the cluster; empty for a broker of its own
 * @param names its topics and groups
 * @param directory for the logs of its processes, and the data of its broker
 */
public record RunSettings(
        List<Input> inputs,
        InjectedFailures failures,
        boolean kill,
        int recordsPerSecond,
        Optional<String> bootstrapServers,
        ShopNames names,
        Path directory) {}

package dev.semel.examples.shop.run;

import dev.semel.core.health.ProcessorMetric;
import dev.semel.examples.shop.confirmation.ConfirmationService;
import dev.semel.examples.shop.event.ShopNames;
import dev.semel.examples.shop.inventory.InventoryService;
import dev.semel.examples.shop.order.OrderService;
import dev.semel.examples.shop.payment.PaymentService;
import dev.semel.examples.shop.service.ServiceLauncher;
import dev.semel.examples.shop.service.ServiceSettings;
import dev.semel.testkit.JavaProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The shop's services, each a process of its own with a log of its own. For one thread. */
final class Services implements AutoCloseable {

    private static final List<ProcessorMetric> OUTCOMES = List.of(
            ProcessorMetric.RECORDS_HANDLED_TOTAL,
            ProcessorMetric.RECORDS_DEAD_LETTERED_TOTAL,
            ProcessorMetric.RECORDS_SKIPPED_TOTAL,
            ProcessorMetric.RECORDS_DUPLICATE_TOTAL,
            ProcessorMetric.RECORDS_WAITING_TOTAL);
    private static final long PAUSE_MILLIS = 20;
    private static final Duration READY_DEADLINE = Duration.ofSeconds(90);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 15;

    /**
     * Services live for seconds here: what makes a JVM quick to start counts for more than what makes it fast later.
     */
    private static final String[] JVM_ARGUMENTS = {"-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"};

    private final ServiceSettings settings;
    private final Path directory;
    private final Map<ShopService, JavaProcess> processes = new LinkedHashMap<>();
    private final ServiceMetrics metrics = new ServiceMetrics();
    private int launches;

    /** The services there are, each behind those from which events come to it. */
    enum ShopService {
        ORDER("order-service", OrderService.class, ShopNames::orderGroup, ShopNames::orders),
        INVENTORY("inventory-service", InventoryService.class, ShopNames::inventoryGroup, ShopNames::reservations),
        PAYMENT("payment-service", PaymentService.class, ShopNames::paymentGroup, ShopNames::payments),
        CONFIRMATION(
                "confirmation-service", ConfirmationService.class, ShopNames::confirmationGroup, ShopNames::receipts);

        private final String title;
        private final Class<?> mainClass;
        private final Function<ShopNames, String> group;
        private final Function<ShopNames, String> topic;

        ShopService(
                String title,
                Class<?> mainClass,
                Function<ShopNames, String> group,
                Function<ShopNames, String> topic) {
            this.title = title;
            this.mainClass = mainClass;
            this.group = group;
            this.topic = topic;
        }

        String group(ShopNames names) {
            return group.apply(names);
        }

        /** What it reads. */
        String topic(ShopNames names) {
            return topic.apply(names);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    Services(ServiceSettings settings, Path directory) {
        this.settings = settings;
        this.directory = directory;
    }

    /** Starts a service, without waiting for it. */
    void start(ShopService service) {
        launches++;
        JavaProcess.Builder process = JavaProcess.of(service.mainClass)
                .args(settings.toArguments().toArray(String[]::new))
                .jvmArgs(JVM_ARGUMENTS)
                .log(directory.resolve(service + "-" + launches + ".log"));
        settings.toEnvironment().forEach(process::environment);
        processes.put(service, process.start());
    }

    void awaitReady(ShopService service) {
        try {
            process(service).awaitOutput(ServiceLauncher.READY, READY_DEADLINE);
        } catch (AssertionError e) {
            checkAlive();
            throw failed(service, "is not ready after " + READY_DEADLINE.toSeconds() + " s", e);
        }
    }

    boolean isReady(ShopService service) {
        return process(service).output().contains(ServiceLauncher.READY);
    }

    /** A metric of a service's processor, as it says itself. */
    private long metric(ShopService service, ProcessorMetric metric) throws InterruptedException {
        return metrics.read(address(service, ServiceLauncher.HEALTH), metric);
    }

    /** Its dead letters. */
    LetterClient letters(ShopService service) {
        return new LetterClient(address(service, ServiceLauncher.LETTERS));
    }

    /** Where it answers, as it has said itself behind these words. */
    private URI address(ShopService service, String words) {
        Matcher address = Pattern.compile(Pattern.quote(words) + "(http://\\S+)")
                .matcher(process(service).output());
        if (!address.find()) {
            throw new IllegalStateException(service + " has not said where it answers: '" + words + "...'");
        }
        return URI.create(address.group(1));
    }

    /**
     * How many records a service has passed over as duplicates, those not counted that waited behind a letter, once it has
     * settled so many in all. What is committed shows in the
     * topics before the service has heard of it, and counts it.
     */
    long duplicates(ShopService service, long records) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + READY_DEADLINE.toNanos();
        while (settled(service) < records && System.nanoTime() < deadlineNanos) {
            checkAlive();
            Thread.sleep(PAUSE_MILLIS);
        }
        return metric(service, ProcessorMetric.RECORDS_DUPLICATE_TOTAL);
    }

    private long settled(ShopService service) throws InterruptedException {
        long settled = 0;
        for (ProcessorMetric outcome : OUTCOMES) {
            settled += metric(service, outcome);
        }
        return settled;
    }

    /** Ends a service as the operating system does when memory runs out: it gets no chance to do anything. */
    void kill(ShopService service) {
        process(service).close();
    }

    /** Fails where a service has ended that nobody has killed. */
    void checkAlive() {
        processes.forEach((service, process) -> {
            if (!process.isAlive()) {
                throw failed(service, "has ended by itself with exit code " + process.awaitExit(Duration.ZERO), null);
            }
        });
    }

    private RunFailedException failed(ShopService service, String what, @Nullable Throwable cause) {
        JavaProcess process = process(service);
        List<String> lines = process.output().lines().toList();
        return new RunFailedException(
                service + " " + what + ". Its log is " + process.log() + " and ends with:\n"
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size())),
                cause);
    }

    private JavaProcess process(ShopService service) {
        JavaProcess process = processes.get(service);
        if (process == null) {
            throw new IllegalStateException(service + " was not started");
        }
        return process;
    }

    @Override
    public void close() {
        Uninterrupted.run(() -> {
            processes.values().parallelStream().forEach(process -> process.stop(STOP_PATIENCE));
            processes.values().forEach(JavaProcess::close);
        });
    }
}

package dev.semel.testkit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brokers and one KRaft controller in this JVM. Only brokers are stopped and started: the controller goes on, so that any
 * broker may be down.
 *
 * <p>Nodes that are both would save one, but Kafka's test kit starts both halves at the same time, and a node whose broker
 * half is first tells the quorum no address of its controller, which stops it seconds later.
 */
public final class InProcessCluster implements KafkaCluster, BrokerNodes {

    private static final Logger log = LoggerFactory.getLogger(InProcessCluster.class);

    private final KafkaClusterTestKit kit;
    private final ClusterSpec spec;
    private final String bootstrapServers;
    private final Set<Integer> stopped = new TreeSet<>();

    private InProcessCluster(KafkaClusterTestKit kit, ClusterSpec spec) {
        this.kit = kit;
        this.spec = spec;
        this.bootstrapServers = kit.bootstrapServers();
    }

    /**
     * Starts a cluster in a temporary directory and waits until all its nodes serve.
     *
     * @param spec the number of nodes and their settings
     * @return the running cluster
     * @throws IllegalStateException if it does not start
     */
    public static InProcessCluster start(ClusterSpec spec) {
        try {
            KafkaClusterTestKit kit = build(spec);
            try {
                ProductionFeatures.format(kit.nodes());
                kit.startup();
                kit.waitForReadyBrokers();
                return new InProcessCluster(kit, spec);
            } catch (Exception e) {
                closeQuietly(kit);
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the in-process Kafka cluster was starting", e);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the in-process Kafka cluster of " + spec.brokers() + " node(s) did not start", e);
        }
    }

    private static KafkaClusterTestKit build(ClusterSpec spec) throws Exception {
        TestKitNodes nodes = new TestKitNodes.Builder(ProductionFeatures.bootstrapMetadata())
                .setBaseDirectory(dataDirectory())
                .setCombined(false)
                .setNumControllerNodes(1)
                .setNumBrokerNodes(spec.brokers())
                .build();
        KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(nodes);
        Map<String, String> settings = BrokerSettings.forTests(spec.brokers());
        if (spec.own()) {
            settings.putAll(BrokerSettings.forRestarts());
        }
        settings.put("unstable.api.versions.enable", "false");
        settings.put("unstable.feature.versions.enable", "false");
        settings.putAll(spec.properties());
        settings.forEach(builder::setConfigProp);
        return builder.build();
    }

    private static Path dataDirectory() throws IOException {
        return Files.createTempDirectory("semel-kafka-");
    }

    @Override
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public int size() {
        return spec.brokers();
    }

    @Override
    public BrokerNodes nodes() {
        return spec.own()
                ? this
                : BrokerNodes.untouchable("other tests use this cluster; annotate with @KafkaTest(ownCluster = true)");
    }

    @Override
    public List<Integer> ids() {
        return kit.brokers().keySet().stream().sorted().toList();
    }

    @Override
    public synchronized void stop(int id) {
        broker(id);
        stop(List.of(id));
    }

    @Override
    public synchronized void start(int id) {
        broker(id);
        start(List.of(id));
    }

    @Override
    public synchronized void stopAll() {
        stop(ids());
    }

    @Override
    public synchronized void startAll() {
        start(ids());
    }

    @Override
    public synchronized boolean allRunning() {
        return stopped.isEmpty();
    }

    private void stop(Collection<Integer> ids) {
        List<Integer> running = ids.stream().filter(id -> !stopped.contains(id)).toList();
        stopped.addAll(running);
        together(running, BrokerServer::shutdown);
    }

    private void start(Collection<Integer> ids) {
        List<Integer> down = ids.stream().filter(stopped::contains).toList();
        if (down.isEmpty()) {
            return;
        }
        together(down, BrokerServer::startup);
        down.forEach(stopped::remove);
        Set<Integer> running = new TreeSet<>(ids());
        running.removeAll(stopped);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            InSync.await(admin, running);
        }
    }

    /** At the same time: after an outage of all, a node may have to wait for another that was in sync longer. */
    private void together(List<Integer> ids, Consumer<BrokerServer> action) {
        List<CompletableFuture<Void>> actions = new ArrayList<>();
        for (int id : ids) {
            BrokerServer broker = broker(id);
            CompletableFuture<Void> done = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            action.accept(broker);
                            done.complete(null);
                        } catch (Throwable e) {
                            done.completeExceptionally(e);
                        }
                    },
                    "semel-testkit-node-" + id);
            thread.setDaemon(true);
            thread.start();
            actions.add(done);
        }
        try {
            CompletableFuture.allOf(actions.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw new IllegalStateException(
                    "not all of the brokers " + ids + " could be stopped or started", e.getCause());
        }
    }

    private BrokerServer broker(int id) {
        BrokerServer broker = kit.brokers().get(id);
        if (broker == null) {
            throw new IllegalArgumentException("no broker has the id " + id + "; there are " + ids());
        }
        return broker;
    }

    @Override
    public void close() {
        closeQuietly(kit);
    }

    private static void closeQuietly(KafkaClusterTestKit kit) {
        try {
            kit.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            // The tests have their results; a node that did not stop cleanly cannot change them.
            log.warn("the in-process Kafka cluster did not stop cleanly", e);
        }
    }
}

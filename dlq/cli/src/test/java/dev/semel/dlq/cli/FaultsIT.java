package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.cli.Cli.Result;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that refuses, or goes away, and another operator. */
@KafkaTest(
        ownCluster = true,
        brokerProperties = {
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=true"
        })
@Timeout(180)
class FaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LETTERS = 400;

    private final TestKafka kafka;
    private final String origin;
    private final String letters;

    FaultsIT(TestKafka kafka) {
        this.kafka = kafka;
        this.origin = kafka.topic("orders");
        this.letters = kafka.topic("letters");
        new Feed(kafka, letters, origin).timeouts(LETTERS).send();
    }

    private Result script(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers(), "--topic", letters));
        return Cli.script(all.toArray(String[]::new));
    }

    private CompletableFuture<Result> slowRedrive(String actor) {
        return CompletableFuture.supplyAsync(
                () -> script("redrive", "--all", "--yes", "--rate", "100", "--actor", actor, "--deadline", "4s"));
    }

    private void awaitCopies(int count) {
        assertThat(kafka.readCommitted(origin, count, PATIENCE)).hasSizeGreaterThanOrEqualTo(count);
    }

    private void assertEachOnceInOrder() {
        assertThat(kafka.readCommitted(origin, LETTERS, PATIENCE))
                .extracting(copy -> new String(copy.value(), UTF_8))
                .containsExactlyElementsOf(
                        IntStream.range(0, LETTERS).mapToObj(i -> "v" + i).toList());
    }

    private void rule(String topic, AclOperation operation, AclPermissionType permission) throws Exception {
        var entry = new AccessControlEntry("User:ANONYMOUS", "*", operation, permission);
        kafka.admin()
                .createAcls(List.of(
                        new AclBinding(new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), entry)))
                .all()
                .get();
    }

    @Test
    void aClusterThatGoesAwayIsExitCode3AndTheNextRunGoesOn() throws Exception {
        CompletableFuture<Result> redrive = slowRedrive("ann");
        awaitCopies(50);
        kafka.stopAllBrokers();
        Result away = redrive.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exits(3);
        assertThat(away.err()).contains("letter(s)", "goes on where it stopped", kafka.bootstrapServers());
        kafka.startAllBrokers();
        script("redrive", "--all", "--yes").exits(0);
        assertEachOnceInOrder();
    }

    @Test
    void anotherOperatorEndsTheFirstWhoIsToldWhoItIs() throws Exception {
        CompletableFuture<Result> first = slowRedrive("ann");
        awaitCopies(50);
        script("redrive", "--all", "--yes", "--actor", "bob").exits(0);
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).exits(1).err())
                .contains("bob has begun to work on the letters of " + letters);
        assertEachOnceInOrder();
    }

    @Test
    void aMissingPermissionIsExitCode2AndNamed() throws Exception {
        rule(origin, AclOperation.ALL, AclPermissionType.ALLOW);
        rule(origin, AclOperation.WRITE, AclPermissionType.DENY);
        assertThat(script("redrive", "--all", "--yes").exits(2).err())
                .contains("no permission for WRITE on topic " + origin);
        rule(letters, AclOperation.DESCRIBE, AclPermissionType.ALLOW);
        assertThat(script("list").exits(2).err()).contains("Not authorized to access topics: [" + letters);
        rule(letters, AclOperation.DESCRIBE, AclPermissionType.DENY);
        assertThat(script("list").exits(2).err()).contains("no permission for DESCRIBE on topic " + letters);
    }

    @Test
    void aFileOfSettingsReachesTheCluster(@TempDir Path directory) throws IOException {
        Path config = Files.writeString(
                directory.resolve("client.properties"),
                "bootstrap.servers=" + kafka.bootstrapServers() + "\nsecurity.protocol=PLAINTEXT\nacks=all\n");
        assertThat(Cli.script("list", "--topic", letters, "--command-config", config.toString(), "--limit", "1")
                        .exits(0)
                        .out())
                .contains("timeout_exceeded");
        Path sasl = Files.writeString(
                directory.resolve("sasl.properties"),
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config="
                        + "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"a\" password=\"b\";\n");
        assertThat(script("list", "--command-config", sasl.toString(), "--deadline", "2s")
                        .code())
                .as("a cluster that is not secured in this way")
                .isIn(ExitCode.WRONG_USAGE, ExitCode.UNREACHABLE);
    }
}

package dev.semel.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.StartupException;
import dev.semel.core.health.Health;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** A missing permission is named before anything is handled. */
@KafkaTest(
        ownCluster = true,
        brokerProperties = {
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=true"
        })
class PermissionsIT {

    @Test
    void aSourceTopicThatMayNotBeReadFailsTheStart(TestKafka kafka) {
        var processing = Processing.on(kafka);
        deny(kafka, ResourceType.TOPIC, processing.input, AclOperation.READ);
        assertStartFails(processing, "no permission for READ on topic " + processing.input);
    }

    @Test
    void aDeadLetterTopicThatMayNotBeWrittenFailsTheStart(TestKafka kafka) {
        var processing = Processing.on(kafka);
        deny(kafka, ResourceType.TOPIC, processing.letters, AclOperation.WRITE);
        assertStartFails(processing, "no permission for WRITE on topic " + processing.letters);
    }

    @Test
    void aGroupThatMayNotBeReadFailsTheStart(TestKafka kafka) {
        var processing = Processing.on(kafka);
        deny(kafka, ResourceType.GROUP, processing.group, AclOperation.READ);
        assertStartFails(processing, "use group " + processing.group);
    }

    @Test
    void aTransactionalIdThatMayNotBeUsedFailsTheStart(TestKafka kafka) {
        var processing = Processing.on(kafka);
        String id = "semel-" + processing.group + "-one-0";
        deny(kafka, ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE);
        assertStartFails(processing, "initialise transactions as " + id);
    }

    @Test
    void anOutputTopicThatMayNotBeWrittenIsAFailureOfTheRecord(TestKafka kafka) {
        var processing = Processing.on(kafka);
        deny(kafka, ResourceType.TOPIC, processing.output, AclOperation.WRITE);
        processing.send("1");
        try (var processor = processing
                .processor()
                .handler((event, context) -> context.send(processing.output, event.key(), event.value()))
                .build()) {
            processor.start();
            assertThat(processing.letters(1)).singleElement().satisfies(letter -> {
                assertThat(letter.failureClass()).isEqualTo(FailureClass.OUTPUT_REJECTED);
                assertThat(letter.message()).contains("no permission to write to topic " + processing.output);
            });
        }
    }

    @Test
    void aTopicThatMayNotBeReadShowsInTheStartupProbe(TestKafka kafka) {
        var processing = Processing.on(kafka);
        deny(kafka, ResourceType.TOPIC, processing.input, AclOperation.READ);
        try (var processor =
                processing.processor().handler((event, context) -> {}).build()) {
            assertThatThrownBy(processor::start).isInstanceOf(StartupException.class);
            Health health = processor.health();
            assertThat(health.startup().ok()).isFalse();
            assertThat(health.startup().reason()).contains("no permission for READ on topic " + processing.input);
            assertThat(health.liveness().ok()).isTrue();
            // What has not started is never ready; it leaves the cause to the startup probe.
            assertThat(health.readiness().reason()).isEqualTo("not started: FAILED");
            assertThat(health.wedges()).isEmpty();
        }
    }

    /** A new process is what helps, or shows in its startup probe what does. */
    @Test
    void aTopicThatMayNotBeReadAnyMoreShowsInLiveness(TestKafka kafka) {
        var processing = Processing.on(kafka);
        try (var processor = processing
                .processor()
                .wedgeAfter(Duration.ofSeconds(2))
                .handler((event, context) -> {})
                .build()) {
            processor.start();
            await().atMost(Processing.DEADLINE)
                    .until(() -> processor.health().readiness().ok());
            deny(kafka, ResourceType.TOPIC, processing.input, AclOperation.READ);
            processing.send("unread");
            await().atMost(Processing.DEADLINE)
                    .until(() -> !processor.health().liveness().ok());
            Health health = processor.health();
            assertThat(health.liveness().reason()).contains("FAILED", processing.input);
            assertThat(health.startup().ok()).isTrue();
            assertThat(health.readiness().reason()).isEqualTo("FAILED");
            assertThat(health.wedges()).isEmpty();
        }
    }

    private static void assertStartFails(Processing processing, String message) {
        try (var processor = processing
                .processor()
                .instance("one")
                .handler((event, context) -> {})
                .build()) {
            assertThatThrownBy(processor::start)
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(message)
                    .hasMessageContaining("grant");
        }
    }

    private static void deny(TestKafka kafka, ResourceType type, String name, AclOperation operation) {
        var resource = new ResourcePattern(type, name, PatternType.LITERAL);
        var rules = List.of(
                new AclBinding(
                        resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.DENY)),
                // With an ACL on a resource, what nobody is allowed explicitly is denied as well.
                new AclBinding(
                        resource,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW)));
        Futures.await(kafka.admin().createAcls(rules).all());
        // The controller answers before the broker, which is asked here, goes by them.
        var ofResource = new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY);
        await().atMost(Processing.DEADLINE)
                .untilAsserted(() -> assertThat(Futures.await(
                                kafka.admin().describeAcls(ofResource).values()))
                        .containsExactlyInAnyOrderElementsOf(rules));
    }
}

package dev.semel.idempotency.internal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.failure.StartupException;
import dev.semel.idempotency.internal.Retention;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/** A missing permission is named when the processor starts, with what to do. */
@KafkaTest(
        ownCluster = true,
        brokerProperties = {
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=true"
        })
class MarksPermissionsIT {

    @Test
    void whereTheTopicMayNotBeCreatedTheCommandThatDoesItIsTold(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders", 3);
        String group = kafka.group("group");
        String marks = group + "." + source + ".marks";
        // Either would be enough to create it.
        deny(kafka, ResourceType.TOPIC, marks, AclOperation.CREATE);
        deny(kafka, ResourceType.CLUSTER, Resource.CLUSTER_NAME, AclOperation.CREATE);
        assertThatThrownBy(() -> start(kafka, group, source))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("topic " + marks + " is missing and could not be created")
                .hasMessageContaining("kafka-topics.sh --bootstrap-server " + kafka.bootstrapServers()
                        + " --create --topic " + marks + " --partitions 3 --config cleanup.policy=compact");
    }

    @Test
    void whereTheTopicMayNotBeUsedThatIsTold(TestKafka kafka) throws Exception {
        String source = kafka.topic("orders");
        for (var operation : List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE)) {
            String group = kafka.group("group-" + operation.name().toLowerCase(Locale.ROOT));
            start(kafka, group, source);
            String marks = group + "." + source + ".marks";
            deny(kafka, ResourceType.TOPIC, marks, operation);
            assertThatThrownBy(() -> start(kafka, group, source))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("no permission ")
                    .hasMessageContaining("topic " + marks + ": grant");
        }
    }

    private static void start(TestKafka kafka, String group, String source) throws Exception {
        var settings = new KafkaMarksSettings(new Retention(Duration.ofDays(7), null, null, null), Map.of(), false);
        try (var marks = new KafkaMarks(settings, (event, topicId) -> event.id())) {
            marks.start(FakeParticipation.of(group, source).at(kafka.clientConfig()));
        }
    }

    private static void deny(TestKafka kafka, ResourceType type, String name, AclOperation operation) throws Exception {
        var resource = new ResourcePattern(type, name, PatternType.LITERAL);
        var rules = List.of(
                rule(resource, operation, AclPermissionType.DENY),
                // With a rule for it, a resource is closed to all that have none.
                rule(resource, AclOperation.ALL, AclPermissionType.ALLOW));
        kafka.admin().createAcls(rules).all().get(60, TimeUnit.SECONDS);
        // The controller answers before the broker, which is asked here, goes by them.
        var ofResource = new AclBindingFilter(resource.toFilter(), AccessControlEntryFilter.ANY);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                kafka.admin().describeAcls(ofResource).values().get(60, TimeUnit.SECONDS))
                        .containsExactlyInAnyOrderElementsOf(rules));
    }

    private static AclBinding rule(ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }
}

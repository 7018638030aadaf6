package dev.semel.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a real Kafka cluster: they take a {@link TestKafka} as parameter.
 *
 * <p>A {@code TestKafka} parameter of a test method, of its {@code @BeforeEach} and {@code @AfterEach} methods and of the
 * test class' constructor is the same object, made for that one test; that of a {@code @BeforeAll} method belongs to the
 * class. When its test ends, the topics and consumer groups with its names are deleted.
 *
 * <p>The cluster starts when the first parameter is resolved. Which cluster it is says the system property {@value
 * #CLUSTER_PROPERTY}:
 *
 * <ul>
 *   <li>{@code in-process} (default): KRaft nodes in this JVM;
 *   <li>{@code docker}: one node in a container, which needs {@code org.testcontainers:testcontainers-kafka} on the class
 *       path. Tests that want three nodes or a cluster of their own are skipped, and the report says why;
 *   <li>{@code host:port[,host:port...]}: an existing cluster, which is left running. Tests that want a cluster of their
 *       own, or more nodes than it has, are skipped.
 * </ul>
 *
 * <p>Any other value fails the tests. The in-process and the container cluster differ from Kafka's defaults where tests
 * would only wait: rebalances begin at once, session timeouts from 500 ms are allowed ({@code classic} protocol) and are 10
 * s ({@code consumer} protocol), abandoned transactions are aborted within half a second of their timeout, and topics are
 * not created by use.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(KafkaExtension.class)
public @interface KafkaTest {

    /** The system property that chooses the cluster. */
    String CLUSTER_PROPERTY = "semel.testkit.kafka";

    /**
     * The number of nodes, one (default) or three. With three, topics have three replicas, of which two have to be in sync.
     *
     * @return 1 or 3
     */
    int brokers() default 1;

    /**
     * Whether the annotated class or method has a cluster to itself, whose nodes may be stopped. By default it shares one
     * with all other test classes of the run, which is the quick way.
     *
     * @return true for a cluster of its own, stopped when the class or method ends
     */
    boolean ownCluster() default false;

    /**
     * Settings of the nodes, {@code name=value} each, in the words of a broker's {@code server.properties}. Only together
     * with {@link #ownCluster()}, since a shared cluster cannot suit everyone.
     *
     * @return settings that replace or join the testkit's
     */
    String[] brokerProperties() default {};
}

package dev.semel.testkit;

import dev.semel.testkit.internal.ClusterChoice;
import dev.semel.testkit.internal.ClusterSpec;
import dev.semel.testkit.internal.KafkaCluster;
import dev.semel.testkit.internal.TestNames;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Finds the cluster that a {@link KafkaTest} asks for and resolves {@link TestKafka} parameters.
 *
 * <p>Clusters and views live in JUnit's stores, which close them at the end of the run, of the class or of the test.
 */
final class KafkaExtension implements ParameterResolver, ExecutionCondition {

    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

    /** What was asked for, and the class or method that asked. */
    private record Request(ClusterSpec spec, ExtensionContext scope) {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return request(context)
                .flatMap(request -> ClusterChoice.current().whyNot(request.spec()))
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("the chosen Kafka cluster can run it"));
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestKafka.class;
    }

    @Override
    public TestKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // The id is part of the key, since a store also looks into its parents': a test must not get its class' view.
        return Objects.requireNonNull(context.getStore(NAMESPACE)
                .computeIfAbsent("view " + context.getUniqueId(), key -> view(context), TestKafka.class));
    }

    private static TestKafka view(ExtensionContext context) {
        Request request = request(context)
                .orElseThrow(() -> new IllegalStateException("no @KafkaTest found on " + context.getDisplayName()));
        KafkaCluster cluster = cluster(request, context);
        if (!cluster.nodes().allRunning()) {
            cluster.nodes().startAll(); // an earlier test of the class left them stopped
        }
        return new TestKafka(cluster.bootstrapServers(), TestNames.of(scopeName(context)), cluster.nodes());
    }

    private static KafkaCluster cluster(Request request, ExtensionContext context) {
        ClusterSpec spec = request.spec();
        ExtensionContext.Store store = (spec.own() ? request.scope() : context.getRoot()).getStore(NAMESPACE);
        KafkaCluster cluster = Objects.requireNonNull(store.computeIfAbsent(
                "cluster " + spec, key -> ClusterChoice.current().open(spec), KafkaCluster.class));
        int nodes = cluster.size();
        Assumptions.assumeTrue(
                nodes >= spec.brokers(),
                () -> "skipped: it needs " + spec.brokers() + " Kafka nodes, the chosen cluster has " + nodes);
        return cluster;
    }

    private static String scopeName(ExtensionContext context) {
        return context.getTestMethod()
                .map(Method::getName)
                .or(() -> context.getTestClass().map(Class::getSimpleName))
                .orElse("test");
    }

    private static Optional<Request> request(ExtensionContext context) {
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            ExtensionContext scope = at.get();
            Optional<KafkaTest> found = AnnotationSupport.findAnnotation(scope.getElement(), KafkaTest.class);
            if (found.isPresent()) {
                return Optional.of(new Request(spec(found.get()), outermost(scope)));
            }
            at = scope.getParent();
        }
        return Optional.empty();
    }

    /** The invocations of a parameterized test have the element of their container: they share its cluster. */
    private static ExtensionContext outermost(ExtensionContext scope) {
        return scope.getParent()
                .filter(parent -> parent.getElement().equals(scope.getElement()))
                .orElse(scope);
    }

    private static ClusterSpec spec(KafkaTest test) {
        return ClusterSpec.of(test.brokers(), test.ownCluster(), test.brokerProperties());
    }
}

package dev.semel.core.failure;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A policy for each kind of failure: by the class of the exception, or by the {@linkplain FailureClass class of the failure}.
 * Immutable; each method gives a new one. What is done about everything else is named last, and only that makes a
 * {@link FailurePolicy}:
 *
 * <pre>{@code
 * FailurePolicy.byClass()
 *         .on(FailureClass.DESERIALIZATION_FAILED, RetryPolicy.never().thenDeadLetter("orders.dlq"))
 *         .on(UnknownCustomerException.class, RetryPolicy.never().thenSkip("a customer of another region"))
 *         .otherwise(RetryPolicy.fixed(Duration.ofSeconds(1)).thenDeadLetter("orders.dlq"))
 * }</pre>
 *
 * <p>The first rule that matches counts, in the order in which they were added. A rule for an exception matches it, its
 * subclasses, and exceptions caused by them; each attempt is judged on its own, so a record whose attempts fail in different ways
 * can meet different rules.
 *
 * <p>All policies have one dead-letter topic between them. Rules that could never match are refused.
 */
public final class PolicyByClass {

    private final List<Classification> classifications;
    private final List<Rule> rules;

    private PolicyByClass(List<Classification> classifications, List<Rule> rules) {
        this.classifications = classifications;
        this.rules = rules;
    }

    static PolicyByClass withoutRules() {
        return new PolicyByClass(List.of(), List.of());
    }

    /**
     * Gives the handler's own exceptions a failure class of their own, by which operators select letters, metrics count, and
     * {@link #on(FailureClass, FailurePolicy)} decides. It counts for this exception, its subclasses, and exceptions caused by
     * them; the first that matches counts. Where none does, and for whatever Semel itself throws, the class is
     * {@link FailureClass#of}.
     *
     * @throws ConfigurationException where the exception is Semel's own, or an earlier call covers it
     */
    public PolicyByClass classify(Class<? extends Exception> exception, FailureClass failureClass) {
        Objects.requireNonNull(failureClass, "failureClass");
        if (SemelException.class.isAssignableFrom(exception)) {
            throw new ConfigurationException("classify(" + exception.getName() + ", " + failureClass
                    + "): Semel's own exceptions have their failure class already");
        }
        refuseCovered("classify", exception, classifications.stream().map(Classification::exception));
        return new PolicyByClass(and(classifications, new Classification(exception, failureClass)), rules);
    }

    /**
     * What is done about this exception, its subclasses, and exceptions caused by them.
     *
     * @throws ConfigurationException where an earlier rule covers it, or it is {@code Exception} itself, which is what
     *     {@link #otherwise} is for
     */
    public PolicyByClass on(Class<? extends Exception> exception, FailurePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        if (exception == Exception.class) {
            throw new ConfigurationException(
                    "on(java.lang.Exception) covers every failure: call otherwise(...) instead");
        }
        refuseCovered(
                "on",
                exception,
                rules.stream()
                        .filter(ByException.class::isInstance)
                        .map(ByException.class::cast)
                        .map(ByException::exception));
        return new PolicyByClass(classifications, and(rules, new ByException(exception, policy)));
    }

    /**
     * What is done about failures of this class.
     *
     * @throws ConfigurationException where there is a rule for it already
     */
    public PolicyByClass on(FailureClass failureClass, FailurePolicy policy) {
        var rule = new ByFailureClass(failureClass, policy);
        if (rules.stream()
                .anyMatch(earlier -> earlier instanceof ByFailureClass by && by.failureClass.equals(failureClass))) {
            throw new ConfigurationException(
                    "on(" + failureClass + ") is there twice, and the second is never reached");
        }
        return new PolicyByClass(classifications, and(rules, rule));
    }

    /**
     * What is done about every other failure.
     *
     * @throws ConfigurationException where the policies name different dead-letter topics
     */
    public FailurePolicy otherwise(FailurePolicy policy) {
        Objects.requireNonNull(policy, "policy");
        var topics = new TreeSet<String>();
        Stream.concat(rules.stream().map(Rule::policy), Stream.of(policy))
                .forEach(each -> each.deadLetterTopic().ifPresent(topics::add));
        if (topics.size() > 1) {
            throw new ConfigurationException("the policies name the dead-letter topics " + topics
                    + ", but a processor has one: give each the same, and tell letters apart by their failure class");
        }
        return new Chosen(classifications, rules, policy, topics.stream().findFirst());
    }

    private static void refuseCovered(
            String method, Class<? extends Exception> exception, Stream<Class<? extends Exception>> earlier) {
        earlier.filter(covering -> covering.isAssignableFrom(exception))
                .findFirst()
                .ifPresent(covering -> {
                    throw new ConfigurationException(method + "(" + exception.getName() + ") is never reached: "
                            + method + "(" + covering.getName() + ") before it covers it");
                });
    }

    private static <T> List<T> and(List<T> list, T added) {
        return Stream.concat(list.stream(), Stream.of(added)).toList();
    }

    private record Classification(Class<? extends Exception> exception, FailureClass failureClass) {}

    private sealed interface Rule {

        boolean matches(Failure failure);

        FailurePolicy policy();
    }

    private record ByException(Class<? extends Exception> exception, FailurePolicy policy) implements Rule {

        @Override
        public boolean matches(Failure failure) {
            return Causes.of(failure.exception()).anyMatch(exception::isInstance);
        }

        @Override
        public String toString() {
            return exception.getSimpleName() + ": " + policy;
        }
    }

    private record ByFailureClass(FailureClass failureClass, FailurePolicy policy) implements Rule {

        private ByFailureClass {
            Objects.requireNonNull(failureClass, "failureClass");
            Objects.requireNonNull(policy, "policy");
        }

        @Override
        public boolean matches(Failure failure) {
            return failureClass.equals(failure.failureClass());
        }

        @Override
        public String toString() {
            return failureClass + ": " + policy;
        }
    }

    private record Chosen(
            List<Classification> classifications,
            List<Rule> rules,
            FailurePolicy otherwise,
            Optional<String> deadLetterTopic)
            implements FailurePolicy {

        @Override
        public FailureDecision decide(Failure failure) {
            return rules.stream()
                    .filter(rule -> rule.matches(failure))
                    .map(Rule::policy)
                    .findFirst()
                    .orElse(otherwise)
                    .decide(failure);
        }

        @Override
        public boolean defers() {
            return otherwise.defers()
                    || rules.stream().anyMatch(rule -> rule.policy().defers());
        }

        @Override
        public FailureClass classify(Exception exception) {
            FailureClass usual = FailureClass.of(exception);
            if (!usual.equals(FailureClass.HANDLER_EXCEPTION)) {
                return usual;
            }
            return classifications.stream()
                    .filter(each -> Causes.of(exception).anyMatch(each.exception::isInstance))
                    .map(Classification::failureClass)
                    .findFirst()
                    .orElseGet(() -> classifyWithin(exception));
        }

        /** A policy in here may be one by class itself, or somebody's own that knows its exceptions. */
        private FailureClass classifyWithin(Exception exception) {
            return Stream.concat(rules.stream().map(Rule::policy), Stream.of(otherwise))
                    .map(policy -> policy.classify(exception))
                    .filter(failureClass -> !failureClass.equals(FailureClass.HANDLER_EXCEPTION))
                    .findFirst()
                    .orElse(FailureClass.HANDLER_EXCEPTION);
        }

        @Override
        public String toString() {
            return "PolicyByClass" + rules + ", otherwise " + otherwise;
        }
    }
}

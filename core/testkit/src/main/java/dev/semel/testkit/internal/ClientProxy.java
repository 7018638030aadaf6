package dev.semel.testkit.internal;

import dev.semel.testkit.FaultInjection.Fault;
import dev.semel.testkit.FaultInjection.Moment;
import dev.semel.testkit.FaultInjection.Step;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Calls a fault around the steps of a Kafka client. A proxy, so that it fits the interfaces of any client version. */
public final class ClientProxy implements InvocationHandler {

    private static final Map<String, Step> STEPS = Map.of(
            "poll", Step.POLL,
            "initTransactions", Step.INIT_TRANSACTIONS,
            "beginTransaction", Step.BEGIN,
            "send", Step.SEND,
            "flush", Step.FLUSH,
            "sendOffsetsToTransaction", Step.SEND_OFFSETS,
            "commitTransaction", Step.COMMIT,
            "abortTransaction", Step.ABORT);

    private final Object delegate;
    private final Fault fault;
    private final Map<Step, AtomicInteger> calls = new ConcurrentHashMap<>();

    private ClientProxy(Object delegate, Fault fault) {
        this.delegate = delegate;
        this.fault = fault;
    }

    /**
     * Wraps a client.
     *
     * @param <T> its interface
     * @param type its interface
     * @param delegate does the work
     * @param fault called at its steps
     * @return the wrapped client
     */
    public static <T> T of(Class<T> type, T delegate, Fault fault) {
        return type.cast(Proxy.newProxyInstance(
                ClientProxy.class.getClassLoader(), new Class<?>[] {type}, new ClientProxy(delegate, fault)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, args);
        }
        Step step = STEPS.get(method.getName());
        if (step == null) {
            return call(method, args);
        }
        int occurrence = calls.computeIfAbsent(step, key -> new AtomicInteger()).incrementAndGet();
        inject(step, Moment.BEFORE, occurrence);
        Optional<Duration> patience = fault.patience(step, occurrence);
        Object result =
                patience.isPresent() ? callAside(method, args, step, occurrence, patience.get()) : call(method, args);
        inject(step, Moment.AFTER, occurrence);
        return result;
    }

    /** Calls the delegate on a thread of its own, so that the caller can leave while the call is under way. */
    private @Nullable Object callAside(
            Method method, Object @Nullable [] args, Step step, int occurrence, Duration patience) throws Throwable {
        CompletableFuture<@Nullable Object> call = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    begun.countDown();
                    try {
                        call.complete(call(method, args));
                    } catch (Throwable e) {
                        call.completeExceptionally(e);
                    }
                },
                "semel-testkit-" + method.getName());
        thread.setDaemon(true);
        thread.start();
        try {
            begun.await();
            try {
                call.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                // Under way, as is wanted.
            }
            inject(step, Moment.DURING, occurrence);
            return call.get();
        } catch (InterruptedException e) {
            thread.interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private void inject(Step step, Moment moment, int occurrence) {
        try {
            fault.at(step, moment, occurrence);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (Exception e) {
            // Thrown as it is, it would come out of the proxy as an UndeclaredThrowableException.
            throw new KafkaException(e);
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(delegate, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** A wrapped client equals itself only, also in a map of clients. */
    private Object ofObject(Object proxy, Method method, Object @Nullable [] args) {
        return switch (method.getName()) {
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "FaultInjection[" + delegate + "]";
        };
    }
}

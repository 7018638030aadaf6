package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FingerprintTest {

    @Test
    void theSameFaultHasTheSamePrintWhateverItsMessageAndLine() {
        assertThat(print(at("no stock of a", frame("shop.Stock", "reserve", 10))))
                .isEqualTo(print(at("no stock of b", frame("shop.Stock", "reserve", 99))));
        assertThat(print(thrownAnew("a"))).isEqualTo(print(thrownAnew("b")));
    }

    @Test
    void aPrintIsShortText() {
        assertThat(print(at("m", frame("a.B", "c", 1)))).matches("[0-9a-f]{16}");
    }

    @Test
    void theMessageOfACauseIsDataToo() {
        assertThat(print(caused(at("a", frame("x.A", "a", 1)), at("secret 1", frame("x.B", "b", 1)))))
                .isEqualTo(print(caused(at("b", frame("x.A", "a", 2)), at("secret 2", frame("x.B", "b", 2)))));
    }

    @Test
    void otherFaultsHaveOtherPrints() {
        assertThat(Stream.of(
                        Fingerprint.of(FailureClass.HANDLER_EXCEPTION, at("m", frame("a.B", "c", 1))),
                        Fingerprint.of(new FailureClass("of_the_user"), at("m", frame("a.B", "c", 1))),
                        print(at("m", frame("a.B", "d", 1))),
                        print(at("m", frame("a.C", "c", 1))),
                        print(at("m", frame("a.B$C", "c", 1))),
                        print(at("m", frame("a.B", "c", 1), frame("a.B", "caller", 1))),
                        print(at("m", frame("a.B", "c", 1), frame("a.B", "anotherCaller", 1))),
                        print(new IllegalArgumentException("m")),
                        print(at("m")),
                        print(caused(at("m", frame("a.B", "c", 1)), at("n", frame("d.E", "f", 1)))),
                        print(caused(at("m", frame("a.B", "c", 1)), at("n", frame("d.E", "g", 1))))))
                .doesNotHaveDuplicates();
    }

    @Test
    void farAwayCallersDoNotMatter() {
        assertThat(print(at("m", deep("poolA")))).isEqualTo(print(at("m", deep("poolB"))));
    }

    /** Generated names differ from run to run, and from machine to machine. */
    @ParameterizedTest
    @CsvSource({
        "shop.Stock, lambda$reserve$0, shop.Stock, lambda$reserve$17",
        "shop.Stock$$Lambda$14/0x00000008000c9000, accept, shop.Stock$$Lambda$99/0x00007f1c24003a58, accept",
        "shop.Stock$$Lambda/0x00007f1c24003a58, accept, shop.Stock$$Lambda/0x00000008000c9000, accept",
        "jdk.proxy2.$Proxy17, reserve, jdk.proxy3.$Proxy4, reserve",
        "com.sun.proxy.$Proxy7, reserve, com.sun.proxy.$Proxy70, reserve",
        "shop.Stock$$EnhancerBySpringCGLIB$$1a2b3c4d, reserve, shop.Stock$$EnhancerBySpringCGLIB$$ff00aa11, reserve",
        "shop.Stock$$SpringCGLIB$$0, reserve, shop.Stock$$SpringCGLIB$$1, reserve",
        "jdk.internal.reflect.GeneratedMethodAccessor12, invoke, jdk.internal.reflect.GeneratedMethodAccessor7, invoke",
        "shop.Stock$1, run, shop.Stock$2, run"
    })
    void generatedNamesDoNotMatter(String oneClass, String oneMethod, String otherClass, String otherMethod) {
        assertThat(print(at("m", frame(oneClass, oneMethod, 1))))
                .isEqualTo(print(at("m", frame(otherClass, otherMethod, 1))));
    }

    @ParameterizedTest
    @CsvSource({"shop.Stock, lambda$reserve$0, shop.Stock, lambda$release$0"})
    void namesThatOnlyLookGeneratedDoMatter(String oneClass, String oneMethod, String otherClass, String otherMethod) {
        assertThat(print(at("m", frame(oneClass, oneMethod, 1))))
                .isNotEqualTo(print(at("m", frame(otherClass, otherMethod, 1))));
    }

    @Test
    void whatCannotBeReadIsKnownByItsFaultAndNotByItsParsersFrames() {
        var one = unreadable("field a", at("m", frame("x.Parser", "one", 1)));
        var same = unreadable("field a", at("other", frame("x.Parser", "two", 1)));
        var other = unreadable("field b", at("m", frame("x.Parser", "one", 1)));
        assertThat(print(one)).isEqualTo(print(same)).isNotEqualTo(print(other));
    }

    @Test
    void aCircleOfCausesHasAnEnd() {
        var one = at("one", frame("a.B", "c", 1));
        one.initCause(new IllegalStateException("two", one));
        assertThat(print(one)).hasSize(16);
    }

    @Test
    void aRealLambdaHasTheSamePrintEachTimeItIsMade() {
        List<String> prints = Stream.of(1, 2)
                .map(i -> print(thrownBy(() -> {
                    throw new IllegalStateException("run " + i);
                })))
                .toList();
        assertThat(prints.get(0)).isEqualTo(prints.get(1));
    }

    private static IllegalStateException thrownBy(Supplier<Object> code) {
        try {
            throw new AssertionError(code.get());
        } catch (IllegalStateException e) {
            return e;
        }
    }

    private static Throwable thrownAnew(String data) {
        return new IllegalStateException("no stock of " + data);
    }

    private static String print(Throwable failure) {
        return Fingerprint.of(FailureClass.HANDLER_EXCEPTION, failure);
    }

    private static UnreadableEventException unreadable(String fault, @Nullable Throwable cause) {
        return new UnreadableEventException(FailureClass.DESERIALIZATION_FAILED, fault, "detail", cause);
    }

    private static Throwable at(String message, StackTraceElement... frames) {
        var failure = new IllegalStateException(message);
        failure.setStackTrace(frames);
        return failure;
    }

    private static Throwable caused(Throwable failure, Throwable cause) {
        failure.initCause(cause);
        return failure;
    }

    private static StackTraceElement[] deep(String pool) {
        return Stream.concat(
                        Stream.of("a", "b", "c", "d", "e", "f", "g", "h").map(method -> frame("x.Y", method, 1)),
                        Stream.of(frame("pool." + pool, "run", 1)))
                .toArray(StackTraceElement[]::new);
    }

    private static StackTraceElement frame(String className, String method, int line) {
        return new StackTraceElement(className, method, "File.java", line);
    }

    /** Only what is in hexadecimal throughout is taken for generated: such names are words, too. */
    @ParameterizedTest
    @CsvSource({"shop.Stock, lambda$add$0, shop.Stock, lambda$dead$0", "shop.Orders$face, run, shop.Orders$bed, run"})
    void wordsOfTheLettersAToFDoMatter(String oneClass, String oneMethod, String otherClass, String otherMethod) {
        assertThat(print(at("m", frame(oneClass, oneMethod, 1))))
                .isNotEqualTo(print(at("m", frame(otherClass, otherMethod, 1))));
    }
}

package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StackTraceTextTest {

    private static final int BOUND = 8 * 1024;

    @Test
    void whatFitsStaysAsItIs() {
        String text = text(withFrames(new IllegalStateException("not stored"), 50));

        assertThat(StackTraceText.within(text.length(), text)).isEqualTo(text);
    }

    @Test
    void ofWhatDoesNotFitTheCausesAndTheEarlierFailuresStay() {
        var last =
                withFrames(new IllegalStateException("not stored", withFrames(new IOException("disk full"), 300)), 300);
        last.addSuppressed(withFrames(new IllegalArgumentException("of the first attempt"), 300));
        String text = text(last);
        assertThat(text.indexOf("disk full")).isGreaterThan(BOUND);

        assertThat(StackTraceText.within(BOUND, text))
                .hasSizeLessThanOrEqualTo(BOUND)
                .containsSubsequence(
                        "not stored",
                        "frame7",
                        "...",
                        "Suppressed: ",
                        "of the first attempt",
                        "frame7",
                        "...",
                        "Caused by: ",
                        "disk full",
                        "frame7",
                        "...")
                .doesNotContain("frame8(");
    }

    @Test
    void whatIsTooLongEvenSoIsCut() {
        assertThat(StackTraceText.within(10, "java.lang.IllegalStateException")).isEqualTo("java.lang.");
        assertThat(StackTraceText.within(10, text(withFrames(new IOException("full"), 3))))
                .isEqualTo("java.io.IO");
    }

    private static <T extends Throwable> T withFrames(T failure, int frames) {
        failure.setStackTrace(IntStream.range(0, frames)
                .mapToObj(i -> new StackTraceElement(failure.getClass().getName(), "frame" + i, "Some.java", i))
                .toArray(StackTraceElement[]::new));
        return failure;
    }

    private static String text(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

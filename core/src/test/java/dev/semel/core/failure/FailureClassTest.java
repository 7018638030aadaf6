package dev.semel.core.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureClassTest {

    @Test
    void theClassesThatUsersKnowHaveTheirNames() {
        assertThat(List.of(
                        FailureClass.DESERIALIZATION_FAILED,
                        FailureClass.SCHEMA_TOO_NEW,
                        FailureClass.HANDLER_EXCEPTION,
                        FailureClass.OUTPUT_REJECTED,
                        FailureClass.TIMEOUT_EXCEEDED,
                        FailureClass.PROCESS_DIED))
                .extracting(FailureClass::toString)
                .containsExactly(
                        "deserialization_failed",
                        "schema_too_new",
                        "handler_exception",
                        "output_rejected",
                        "timeout_exceeded",
                        "process_died");
    }

    @Test
    void whatSemelThrowsHasAClassAndEverythingElseIsTheHandlers() {
        assertThat(FailureClass.of(new UnreadableEventException(FailureClass.SCHEMA_TOO_NEW, "", "", null)))
                .isEqualTo(FailureClass.SCHEMA_TOO_NEW);
        assertThat(FailureClass.of(new OutputRejectedException("too large", null)))
                .isEqualTo(FailureClass.OUTPUT_REJECTED);
        assertThat(FailureClass.of(new HandlerTimeoutException("too slow", null)))
                .isEqualTo(FailureClass.TIMEOUT_EXCEEDED);
        assertThat(FailureClass.of(new ProcessDiedException("three times"))).isEqualTo(FailureClass.PROCESS_DIED);
        assertThat(FailureClass.of(new RuntimeException(new OutputRejectedException("caught and wrapped", null))))
                .isEqualTo(FailureClass.HANDLER_EXCEPTION);
    }

    @Test
    void aNameMayHaveUpTo64Characters() {
        assertThat(new FailureClass("a".repeat(64)).name()).hasSize(64);
        assertThat(new FailureClass("payment_declined_3ds2").name()).isEqualTo("payment_declined_3ds2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Upper",
                "with space",
                "with-dash",
                "1first",
                "_first",
                "ümlaut",
                "line\n",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void anyOtherNameIsRefusedWithTheRule(String name) {
        assertThatThrownBy(() -> new FailureClass(name))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageContaining("lower case");
    }
}

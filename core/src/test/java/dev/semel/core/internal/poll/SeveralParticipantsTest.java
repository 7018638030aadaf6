package dev.semel.core.internal.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.core.participant.PartitionParticipant;
import dev.semel.core.participant.UnitOfWork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeveralParticipantsTest {

    private final List<String> told = new ArrayList<>();

    @Test
    void whereOneCannotBeginThoseBeforeItAreEnded() {
        var failing = new Recording("third") {
            @Override
            public UnitOfWork begin() {
                throw new IllegalStateException("no connection");
            }
        };
        var several = new SeveralParticipants(List.of(new Recording("first"), new Recording("second"), failing));
        assertThatThrownBy(several::begin)
                .hasMessage("no connection")
                .satisfies(thrown -> assertThat(thrown.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("second cannot be closed"));
        assertThat(told).containsExactly("begin first", "begin second", "close second", "close first");
    }

    @Test
    void eachIsReleasedAndCancelledWhicheverOfThemThrows() throws Exception {
        var several = new SeveralParticipants(
                List.of(new Recording("first"), new Recording("second"), new Recording("third")));
        assertThatThrownBy(several.begin()::cancel).hasMessage("second cannot be cancelled");
        assertThatThrownBy(several::released).hasMessage("second cannot be released");
        assertThat(told)
                .endsWith(
                        "cancel first",
                        "cancel second",
                        "cancel third",
                        "release first",
                        "release second",
                        "release third");
    }

    @Test
    void oneThatHasLostTheEffectHasADuplicateJudgedAgain() {
        var losing = new Recording("loses") {
            @Override
            public boolean isStillDuplicate(long offset) {
                return offset != 7;
            }
        };
        var several = new SeveralParticipants(List.of(new Recording("first"), losing, new Recording("third")));
        assertThat(several.isStillDuplicate(6)).isTrue();
        assertThat(several.isStillDuplicate(7)).isFalse();
    }

    /** The second can do nothing but begin. */
    private class Recording implements PartitionParticipant {

        private final String name;

        Recording(String name) {
            this.name = name;
        }

        private void told(String call, String done) {
            told.add(call + " " + name);
            if (name.equals("second")) {
                throw new IllegalStateException("second cannot be " + done);
            }
        }

        @Override
        public UnitOfWork begin() {
            told.add("begin " + name);
            return new UnitOfWork() {
                @Override
                public void cancel() {
                    told("cancel", "cancelled");
                }

                @Override
                public void close() {
                    told("close", "closed");
                }
            };
        }

        @Override
        public void released() {
            told("release", "released");
        }
    }
}

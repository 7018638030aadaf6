package dev.semel.dlq;

import static dev.semel.dlq.LetterFilter.all;
import static dev.semel.dlq.LetterFilter.exception;
import static dev.semel.dlq.LetterFilter.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.semel.core.EventProcessor;
import dev.semel.core.ProcessingOrder;
import dev.semel.core.event.EventSerde;
import dev.semel.core.failure.ConfigurationException;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.failure.RetryPolicy;
import dev.semel.dlq.RedriveReport.Ending;
import dev.semel.dlq.internal.command.LetterCommands;
import dev.semel.testkit.KafkaTest;
import dev.semel.testkit.TestKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator has kept letters handled by the owners of their partitions. */
@KafkaTest
@Timeout(180)
class InPlaceIT {

    private final TestKafka kafka;
    private final Keeping keeping;
    private final DeadLetters letters = DeadLetters.builder().build();
    private final List<AutoCloseable> opened = new ArrayList<>();

    InPlaceIT(TestKafka kafka) {
        this.kafka = kafka;
        this.keeping = Keeping.on(kafka, 2);
    }

    @AfterEach
    void close() throws Exception {
        Collections.reverse(opened);
        for (AutoCloseable closed : opened) {
            closed.close();
        }
    }

    private EventProcessor<String, String> runs() {
        EventProcessor<String, String> processor = keeping.processor(letters).build();
        opened.add(processor);
        processor.start();
        return processor;
    }

    private DeadLetterReprocessor operator() {
        return operator(Duration.ofSeconds(30));
    }

    private DeadLetterReprocessor operator(Duration deadline) {
        var reprocessor = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .actor("ann")
                .deadline(deadline)
                .open();
        opened.add(reprocessor);
        return reprocessor;
    }

    /** So many keys, each with a broken event, which are letters then. */
    private void broken(int count) {
        List<String> values =
                IntStream.range(0, count).mapToObj(i -> "k" + i + ":1").toList();
        keeping.broken.addAll(values);
        keeping.send(values.toArray(new String[0]));
        runs();
        Keeping.awaitStates(letters, "{OPEN=" + count + "}");
    }

    @Test
    void statesAreThoseThatTheOwnersHaveWrittenDown() throws Exception {
        keeping.broken.addAll(List.of("a:1", "b:1", "c:1"));
        keeping.send("a:1", "a:2", "a:3", "b:1", "c:1");
        runs();
        Keeping.awaitStates(letters, "{OPEN=3, WAITING=2}");
        DeadLetterReprocessor operator = operator();
        assertThat(operator.list(all(), 9)).extracting(Letter::state).containsOnly(LetterState.OPEN);
        List<Letter> parked = operator.list(LetterFilter.key("b".getBytes()), 1);
        assertThat(operator.select(LetterFilter.id(parked.get(0).id())).park("later"))
                .extracting(RedriveReport::applied, RedriveReport::ending)
                .containsExactly(1L, Ending.DONE);
        keeping.broken.remove("c:1");
        assertThat(operator.select(LetterFilter.key("c".getBytes())).redrive().applied())
                .isEqualTo(1);
        RedriveReport failed = operator.select(LetterFilter.key("a".getBytes())).redrive();
        assertThat(failed.failedAgain()).isEqualTo(1);
        assertThat(operator.list(all(), 9))
                .extracting(letter -> new String(letter.key()) + " " + letter.state() + " " + letter.attempts())
                .containsExactlyInAnyOrder("a OPEN 2", "b PARKED 1", "c RESOLVED 1");
        assertThat(operator.groups()).extracting(LetterGroup::count).containsExactly(2L);
        assertThat(operator.lastChange(parked.get(0).id())).get().satisfies(change -> {
            assertThat(change.actor()).isEqualTo("ann");
            assertThat(change.reason()).isEqualTo("later");
            assertThat(change.state()).isEqualTo(LetterState.PARKED);
        });
        assertThat(operator.list(LetterFilter.key("a".getBytes()), 1))
                .allSatisfy(letter -> assertThat(operator.lastChange(letter.id()))
                        .map(StateChange::redriveId)
                        .hasValue(failed.redriveId()));
        assertThat(operator.select(all()).plan()).satisfies(plan -> {
            assertThat(plan.inPlace()).isEqualTo(Map.of(keeping.group, 1L));
            assertThat(plan.targets()).isEmpty();
            assertThat(plan.toMove()).isEqualTo(1);
            assertThat(plan.duplicate()).isEqualTo(1);
            assertThat(plan.skipped()).hasSize(1);
            assertThat(plan.waiting()).isEqualTo(2);
        });
    }

    @Test
    void whatWasDoneAboutKeptLettersIsToldWithWhoAndWhy() {
        broken(3);
        List<Reading> readings = new ArrayList<>();
        var operator = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .actor("ann")
                .reading(readings::add)
                .open();
        opened.add(operator);
        Map<String, StateChange> changes = new TreeMap<>();
        operator.changes(changes::put);
        assertThat(changes).as("nothing was done").isEmpty();
        List<Letter> all = operator.list(all(), 9);
        keeping.broken.clear();
        String parked = all.get(0).id();
        String redriven = all.get(1).id();
        operator.select(LetterFilter.id(parked)).park("ask billing");
        RedriveReport report = operator.select(LetterFilter.id(redriven))
                .reason("duplicate: no, mended")
                .redrive();
        assertThat(report.applied()).as("whatever the reason is").isEqualTo(1);
        operator.changes(changes::put);
        assertThat(changes).containsOnlyKeys(parked, redriven);
        assertThat(changes.get(parked))
                .extracting(StateChange::state, StateChange::actor, StateChange::reason)
                .containsExactly(LetterState.PARKED, "ann", "ask billing");
        assertThat(changes.get(redriven))
                .extracting(StateChange::state, StateChange::redriveId, StateChange::reason)
                .containsExactly(LetterState.RESOLVED, report.redriveId(), "duplicate: no, mended");
        assertThat(operator.show(redriven).flatMap(operator::lastChange)).hasValue(changes.get(redriven));
        assertThat(readings)
                .allSatisfy(reading -> assertThat(reading.offset()).isBetween(0L, reading.end()))
                .extracting(reading -> reading.partition().topic())
                .contains(keeping.letters, keeping.group + "." + keeping.input + ".letters");
    }

    @Test
    void aFailureClassIsRedrivenInPlaceAndAnotherGroupSeesNothing() throws Exception {
        var other = Keeping.on(kafka, 1, "other-");
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        var sees = EventProcessor.<String, String>builder()
                .kafka(kafka.clientConfig())
                .group(other.group)
                .topics(keeping.input)
                .events(EventSerde.of(Serdes.String(), Serdes.String()))
                .onFailure(RetryPolicy.never().thenStop())
                .handler((event, context) -> seen.add(event.value()))
                .build();
        opened.add(sees);
        sees.start();
        keeping.broken.addAll(List.of("a:1", "b:1"));
        var processor = keeping.processor(letters)
                .handler((event, context) -> {
                    if (keeping.broken.contains(event.value())) {
                        throw event.value().startsWith("a:")
                                ? new IllegalStateException("broken")
                                : new UnsupportedOperationException("broken");
                    }
                    context.send(keeping.output, event.key(), event.value());
                })
                .build();
        opened.add(processor);
        processor.start();
        keeping.send("a:1", "a:2", "b:1");
        Keeping.awaitStates(letters, "{OPEN=2, WAITING=1}");
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        var selected = LetterFilter.failure(FailureClass.HANDLER_EXCEPTION).and(exception("IllegalStateException"));
        RedriveReport report = operator.select(selected).redrive();
        assertThat(report.applied()).isEqualTo(1);
        assertThat(keeping.outputs(2)).containsExactly("a:1", "a:2");
        Keeping.awaitStates(letters, "{OPEN=1}");
        RedriveReport again = operator.select(selected).redrive();
        assertThat(again.applied()).isZero();
        assertThat(again.duplicate()).isEqualTo(1);
        keeping.send("d:1");
        await().atMost(Keeping.DEADLINE).until(() -> seen.contains("d:1"));
        assertThat(seen).containsExactlyInAnyOrder("a:1", "a:2", "b:1", "d:1");
    }

    @Test
    void parkedLettersAreRedrivenByNameAndDiscardedOnesAreNot() {
        broken(3);
        DeadLetterReprocessor operator = operator();
        assertThat(operator.select(all()).park("wait").applied()).isEqualTo(3);
        RedriveReport unnamed = operator.select(all()).redrive();
        assertThat(unnamed.skippedCount()).isEqualTo(3);
        keeping.broken.clear();
        String one = operator.list(all(), 1).get(0).id();
        assertThat(operator.select(LetterFilter.id(one).and(state(LetterState.PARKED)))
                        .discard("worthless")
                        .applied())
                .isEqualTo(1);
        RedriveReport named = operator.select(state(LetterState.PARKED)).redrive();
        assertThat(named.applied()).isEqualTo(2);
        assertThat(operator.list(state(LetterState.DISCARDED), 9))
                .extracting(Letter::id)
                .containsExactly(one);
        RedriveReport rest = operator.select(all()).redrive();
        assertThat(rest.duplicate()).isEqualTo(2);
        assertThat(rest.skippedCount()).isEqualTo(1);
        keeping.outputs(2);
    }

    @Test
    void aRateACanaryAndAFailedShareHold() {
        broken(40);
        DeadLetterReprocessor operator = operator();
        RedriveReport canary = operator.select(all()).canary(3).redrive();
        assertThat(canary.ending()).isEqualTo(Ending.STOPPED_AFTER_CANARY);
        assertThat(canary.failedAgain()).isEqualTo(3);
        RedriveReport share =
                operator.select(all()).stopWhenFailedShareExceeds(0.5).redrive();
        assertThat(share.ending()).isEqualTo(Ending.TOO_MANY_FAILED);
        assertThat(share.read()).isLessThan(40);
        keeping.broken.clear();
        List<Long> progress = new ArrayList<>();
        RedriveReport paced = operator.select(all())
                .ratePerSecond(40)
                .canary(2, soFar -> soFar.applied() == 2)
                .progress(soFar -> progress.add(soFar.read()))
                .redrive();
        assertThat(paced.ending()).isEqualTo(Ending.DONE);
        assertThat(paced.applied()).isEqualTo(40);
        assertThat(paced.took()).isGreaterThanOrEqualTo(Duration.ofMillis(39 * 1000 / 40));
        assertThat(progress).startsWith(2L).endsWith(40L).isSorted();
        keeping.outputs(40);
    }

    @Test
    void aCancelledRunGoesOnInTheNext() {
        broken(20);
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        LetterSelection selection = operator.select(all());
        RedriveReport cancelled =
                selection.progress(soFar -> selection.cancel()).redrive();
        assertThat(cancelled.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(cancelled.applied()).isEqualTo(16);
        RedriveReport rest = operator.select(all()).redrive();
        assertThat(rest.applied()).isEqualTo(4);
        assertThat(rest.duplicate()).isEqualTo(16);
        assertThat(keeping.outputs(20)).doesNotHaveDuplicates();
    }

    @Test
    void whereNobodyOwnsAPartitionItsNameIsSaid() throws Exception {
        broken(2);
        opened.remove(0).close();
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator(Duration.ofSeconds(2));
        assertThatThrownBy(() -> operator.select(all()).redrive())
                .isInstanceOfSatisfying(NoOwnerException.class, e -> {
                    assertThat(e.partitions())
                            .isNotEmpty()
                            .allSatisfy(
                                    partition -> assertThat(partition.topic()).isEqualTo(keeping.input));
                    assertThat(e.group()).isEqualTo(keeping.group);
                    assertThat(e.report().selected()).isEqualTo(2);
                    assertThat(e.report().read()).isZero();
                })
                .hasMessageContaining(keeping.input);
    }

    @Test
    void anOwnerThatIsSlowIsWaitedForLongerThanTheDeadline() throws Exception {
        keeping.broken.add("a:1");
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var processor = keeping.processor(letters)
                .handler((event, context) -> {
                    if (keeping.broken.contains(event.value())) {
                        throw new IllegalStateException("broken");
                    }
                    begun.countDown();
                    mayEnd.await();
                })
                .build();
        opened.add(processor);
        processor.start();
        keeping.send("a:1");
        Keeping.awaitStates(letters, "{OPEN=1}");
        keeping.broken.clear();
        Duration deadline = Duration.ofSeconds(2);
        DeadLetterReprocessor operator = operator(deadline);
        List<RedriveReport> reports = Collections.synchronizedList(new ArrayList<>());
        var redrives = new Thread(() -> reports.add(operator.select(all()).redrive()));
        long startedNanos = System.nanoTime();
        redrives.start();
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        await().atMost(Keeping.DEADLINE)
                .until(() -> System.nanoTime() - startedNanos > 2 * deadline.toNanos() || !redrives.isAlive());
        assertThat(redrives.isAlive()).isTrue();
        mayEnd.countDown();
        redrives.join();
        assertThat(reports).extracting(RedriveReport::applied).containsExactly(1L);
    }

    @Test
    void aSecondOperatorFencesTheFirst() {
        broken(40);
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        List<RedriveReport> progress = new ArrayList<>();
        assertThatThrownBy(() -> operator.select(all())
                        .progress(soFar -> {
                            progress.add(soFar);
                            new LetterCommands(kafka.clientConfig(), keeping.group).close();
                        })
                        .redrive())
                .isInstanceOf(OperatorFencedException.class)
                .hasMessageContaining("applied 16");
        assertThat(progress).extracting(RedriveReport::applied).containsExactly(16L);
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(24);
    }

    @Test
    void keptLettersAndThoseOfOthersAreRedrivenInOneRun() {
        broken(2);
        String elsewhere = kafka.topic("elsewhere");
        new LetterFeed(kafka, keeping.letters, elsewhere).send(3);
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        assertThat(operator.select(all()).plan()).satisfies(plan -> {
            assertThat(plan.toMove()).isEqualTo(5);
            assertThat(plan.inPlace()).isEqualTo(Map.of(keeping.group, 2L));
            assertThat(plan.targets()).isEqualTo(Map.of(elsewhere, 3L));
        });
        RedriveReport report = operator.select(all()).canary(4).redrive();
        assertThat(report.ending()).isEqualTo(Ending.DONE);
        assertThat(report.applied()).isEqualTo(5);
        assertThat(report.inPlace()).isEqualTo(Map.of(keeping.group, 2L));
        assertThat(report.targets()).isEqualTo(Map.of(elsewhere, 3L));
        assertThat(kafka.readCommitted(elsewhere, 3, Keeping.DEADLINE)).hasSize(3);
        assertThat(keeping.outputs(2)).hasSize(2);
        RedriveReport again = operator.select(all()).redrive();
        assertThat(again.applied()).isZero();
        assertThat(again.duplicate()).isEqualTo(5);
        assertThat(operator.lost()).isEmpty();
    }

    @Test
    void toANamedTopicKeptLettersAreCopiedAndStayOpenWithTheirOwner() {
        broken(2);
        String elsewhere = kafka.topic("elsewhere");
        DeadLetterReprocessor operator = operator();
        assertThat(operator.select(all()).to(elsewhere).redrive().applied()).isEqualTo(2);
        assertThat(operator.select(all()).to(elsewhere).redrive().duplicate()).isEqualTo(2);
        assertThat(kafka.readCommitted(elsewhere, 2, Keeping.DEADLINE)).hasSize(2);
        Keeping.awaitStates(letters, "{OPEN=2}");
    }

    @Test
    void aLetterThatItsOwnerHasForgottenHasComeToItsEnd() {
        var forgetful = DeadLetters.builder().endsKeptFor(Duration.ofMillis(1)).build();
        keeping.broken.add("a:1");
        keeping.send("a:1");
        EventProcessor<String, String> processor = keeping.processor(forgetful).build();
        opened.add(processor);
        processor.start();
        Keeping.awaitStates(forgetful, "{OPEN=1}");
        String id = Keeping.in(forgetful, LetterState.OPEN).get(0);
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        // It is forgotten with a later commit.
        var sent = new AtomicInteger(1);
        await().atMost(Keeping.DEADLINE).pollInterval(Duration.ofMillis(200)).until(() -> {
            keeping.send("a:" + sent.incrementAndGet());
            return operator.lastChange(id).isEmpty();
        });
        assertThat(operator.show(id)).map(Letter::state).hasValue(LetterState.RESOLVED);
        assertThat(operator.select(all()).redrive().duplicate()).isEqualTo(1);
    }

    @Test
    void aStoreOfAnotherNameHasToBeNamed() {
        String store = kafka.topic("store-name");
        var named =
                DeadLetters.builder().storeTopic(keeping.input, store + "-2").build();
        keeping.broken.add("a:1");
        keeping.send("a:1");
        EventProcessor<String, String> processor = keeping.processor(named).build();
        opened.add(processor);
        processor.start();
        Keeping.awaitStates(named, "{OPEN=1}");
        DeadLetterReprocessor misses = operator();
        List<ThrowingCallable> calls = List.of(
                () -> misses.select(all()).plan(),
                () -> misses.select(all()).redrive(),
                () -> misses.select(all()).discard("worthless"),
                () -> misses.list(all(), 9));
        for (ThrowingCallable call : calls) {
            assertThatThrownBy(call)
                    .as("a copy of what is kept would be handled twice")
                    .isInstanceOf(LettersRefusedException.class)
                    .hasMessageContaining("storeTopic()")
                    .hasMessageContaining(keeping.group + "." + keeping.input + ".letter-commands");
        }
        Keeping.awaitStates(named, "{OPEN=1}");
        var insists = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .storeTopic(keeping.group, keeping.input, "none")
                .open();
        opened.add(insists);
        assertThat(insists.select(all()).plan().targets()).isEqualTo(Map.of(keeping.input, 1L));
        var knows = DeadLetterReprocessor.builder(kafka.clientConfig(), keeping.letters)
                .storeTopic(keeping.group, keeping.input, store + "-2")
                .open();
        opened.add(knows);
        assertThat(knows.select(all()).plan().inPlace()).isEqualTo(Map.of(keeping.group, 1L));
        assertThat(knows.show(keeping.id(0, 0)).or(() -> knows.show(keeping.id(1, 0))))
                .map(Letter::state)
                .isEqualTo(Optional.of(LetterState.OPEN));
        assertThatThrownBy(() -> knows.select(all()).discard("x".repeat(501)))
                .isInstanceOf(ConfigurationException.class);
    }

    /** A budget that is used up pauses, too: just when somebody comes to redrive. */
    @Test
    void anOwnerThatIsPausedSaysSoAndDoesNothingLater() throws Exception {
        broken(3);
        @SuppressWarnings("unchecked")
        var processor = (EventProcessor<String, String>) opened.get(0);
        DeadLetterReprocessor operator = operator(Duration.ofSeconds(3));
        keeping.broken.clear();
        processor.pause("the budget is used up");
        String why = "its owner is paused: the budget is used up";
        assertThat(operator.select(all()).redrive().skipped()).isEqualTo(Map.of(why, 3L));
        assertThat(operator.select(all()).discard("worthless").skipped()).isEqualTo(Map.of(why, 3L));
        List<String> ids = Keeping.in(letters, LetterState.OPEN);
        assertThat(Keeping.redrive(letters, ids).skipped()).hasSize(3).containsValue(why);
        assertThat(letters.rewrite(ids, "ann").get(60, TimeUnit.SECONDS).skipped())
                .hasSize(3);
        assertThat(operator.select(LetterFilter.id(ids.get(0))).park("later").applied())
                .as("that needs no handling")
                .isEqualTo(1);
        processor.resume();
        keeping.send("z:1");
        keeping.outputs(1);
        Keeping.awaitStates(letters, "{OPEN=2, PARKED=1}");
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(2);
        keeping.outputs(3);
    }

    @Test
    void whoCancelsDoesNotWaitForAnOwnerThatIsSlow() throws Exception {
        keeping.broken.add("a:1");
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var processor = keeping.processor(letters)
                .handler((event, context) -> {
                    if (keeping.broken.contains(event.value())) {
                        throw new IllegalStateException("broken");
                    }
                    begun.countDown();
                    mayEnd.await();
                })
                .build();
        opened.add(processor);
        processor.start();
        keeping.send("a:1");
        Keeping.awaitStates(letters, "{OPEN=1}");
        keeping.broken.clear();
        LetterSelection selection = operator().select(all());
        var run = CompletableFuture.supplyAsync(selection::redrive);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        selection.cancel();
        RedriveReport report = run.get(60, TimeUnit.SECONDS);
        assertThat(mayEnd.getCount()).isEqualTo(1);
        assertThat(report.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(report.read()).isZero();
        mayEnd.countDown();
        Keeping.awaitStates(letters, "{}");
    }

    @Test
    void lettersOfWhichTheBytesAreLostAreNamed() throws Exception {
        var small = DeadLetters.builder().maxRecordBytes(0).build();
        keeping.broken.addAll(List.of("a:1", "a:2"));
        keeping.send("a:1", "a:2");
        EventProcessor<String, String> processor =
                keeping.processor(small).order(ProcessingOrder.UNORDERED).build();
        opened.add(processor);
        processor.start();
        Keeping.awaitStates(small, "{OPEN=2}");
        List<String> ids = Keeping.in(small, LetterState.OPEN);
        int partition = Integer.parseInt(ids.get(0).split("/")[2]);
        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(keeping.input, partition), RecordsToDelete.beforeOffset(2)))
                .all()
                .get(60, TimeUnit.SECONDS);
        RedriveReport report = operator().select(all()).redrive();
        assertThat(report.lost()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(report.lostCount()).isEqualTo(2);
        assertThat(report.skipped()).isEqualTo(Map.of("its bytes are lost", 2L));
    }

    @Test
    void whereThereIsNoWayToAnOwnerItIsSaidHowToMakeOne() throws Exception {
        String commands = keeping.group + "." + keeping.input + ".letter-commands";
        kafka.admin()
                .createTopics(List.of(new NewTopic(commands, 1, (short) 1)))
                .all()
                .get(60, TimeUnit.SECONDS);
        broken(20);
        DeadLetterReprocessor operator = operator();
        assertThatThrownBy(() -> operator.select(all()).redrive())
                .isInstanceOf(LettersRefusedException.class)
                .hasMessageContaining(keeping.input + "-1 ")
                .hasMessageContaining("--alter --topic " + commands + " --partitions 2");
    }

    @Test
    void aSelectionThatMatchesNothingAsksNobody() throws Exception {
        broken(2);
        opened.remove(0).close();
        RedriveReport report = operator().select(exception("NoSuchException")).redrive();
        assertThat(report.ending()).isEqualTo(Ending.DONE);
        assertThat(report.selected()).isZero();
        assertThat(operator()
                        .select(exception("NoSuchException"))
                        .discard("none")
                        .read())
                .isZero();
    }

    @Test
    void lettersThatArriveMeanwhileAreNotTaken() {
        broken(2);
        LetterSelection selection = operator().select(all());
        assertThat(selection.size()).isEqualTo(2);
        keeping.broken.add("late:1");
        keeping.send("late:1");
        Keeping.awaitStates(letters, "{OPEN=3}");
        keeping.broken.clear();
        assertThat(selection.redrive().applied()).isEqualTo(2);
        assertThat(letters.letters()).hasSize(1);
        assertThat(keeping.handled).filteredOn("late:1"::equals).hasSize(1);
    }

    @Test
    void lettersOfTwoSourceTopicsAreEachHandledByTheirOwner() {
        String second = kafka.topic("second", 2);
        keeping.broken.addAll(List.of("a:1", "b:1"));
        EventProcessor<String, String> processor =
                keeping.processor(letters).topics(keeping.input, second).build();
        opened.add(processor);
        processor.start();
        keeping.send("a:1", "a:2");
        kafka.send(second, "b", "b:1");
        kafka.send(second, "b", "b:2");
        Keeping.awaitStates(letters, "{OPEN=2, WAITING=2}");
        keeping.broken.clear();
        DeadLetterReprocessor operator = operator();
        assertThat(operator.select(LetterFilter.topic(second)).redrive().applied())
                .isEqualTo(1);
        Keeping.awaitStates(letters, "{OPEN=1, WAITING=1}");
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(keeping.outputs(4)).containsSubsequence("a:1", "a:2").containsSubsequence("b:1", "b:2");
    }

    /** As they came, and as they are written to the letter topic again. */
    @Test
    void aNullValueAndHeadersOf100KbStayAsTheyAre() throws Exception {
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 7);
        var isBroken = new AtomicBoolean(true);
        var processor = keeping.processor(letters)
                .handler((event, context) -> {
                    if (isBroken.get()) {
                        throw new IllegalStateException("broken");
                    }
                    assertThat(event.value()).isNull();
                    assertThat(event.headers().lastHeader("large").value()).isEqualTo(large);
                    keeping.handled.add(event.key());
                })
                .build();
        opened.add(processor);
        processor.start();
        kafka.send(keeping.input, "a", null, new RecordHeader("large", large));
        Keeping.awaitStates(letters, "{OPEN=1}");
        List<String> ids = Keeping.in(letters, LetterState.OPEN);
        assertThat(letters.rewrite(ids, "ann").get(60, TimeUnit.SECONDS).applied())
                .isEqualTo(1);
        DeadLetterReprocessor operator = operator();
        assertThat(operator.list(all(), 9)).hasSize(2).allSatisfy(letter -> {
            assertThat(letter.value()).isNull();
            assertThat(new RecordHeaders(letter.headers()).lastHeader("large").value())
                    .isEqualTo(large);
        });
        isBroken.set(false);
        assertThat(operator.select(all()).redrive().applied()).isEqualTo(1);
        assertThat(keeping.handled).containsExactly("a");
    }
}

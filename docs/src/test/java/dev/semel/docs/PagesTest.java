package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.core.EventProcessorBuilder;
import dev.semel.core.failure.DeadLetter;
import dev.semel.core.failure.FailureClass;
import dev.semel.core.health.MetricKind;
import dev.semel.core.health.PartitionMetric;
import dev.semel.core.health.ProcessorMetric;
import dev.semel.core.health.ProcessorState;
import dev.semel.core.health.WedgeKind;
import dev.semel.dlq.DeadLetters;
import dev.semel.dlq.LetterFormat;
import dev.semel.dlq.LetterMetric;
import dev.semel.dlq.LetterState;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tables and links of the pages are complete. */
class PagesTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]*)(#[^)]*)?\\)");

    @Test
    void theReadmeHasTwoCommandsAndEachStandsAlone() {
        assertThat(Page.read("README.md").blocks())
                .filteredOn(block -> block.language().equals("sh"))
                .extracting(Page.Block::text)
                .containsExactly("examples/shop/run", "mvn -B -ntp verify");
    }

    @Test
    void everyLinkInTheProjectLeadsSomewhere() {
        for (Page page : Page.all()) {
            var file = Page.PROJECT.resolve(page.name());
            Matcher link = LINK.matcher(String.join("\n", page.lines()));
            while (link.find()) {
                var target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
                assertThat(target).as(page.name() + " links to " + link.group()).exists();
                if (link.group(2) != null) {
                    assertThat(anchors(Page.read(
                                    Page.PROJECT.relativize(target.normalize()).toString())))
                            .as(page.name())
                            .contains(link.group(2));
                }
            }
        }
    }

    private static List<String> anchors(Page page) {
        return page.lines().stream()
                .filter(line -> line.startsWith("#"))
                .map(heading -> heading.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> "#" + heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void everyPageIsInTheIndex() {
        String index = String.join("\n", Page.read("docs/README.md").lines());
        assertThat(Page.all())
                .extracting(Page::name)
                .filteredOn(name -> !name.endsWith("README.md"))
                .allSatisfy(name -> assertThat(index).contains("](" + name.substring("docs/".length()) + ")"));
    }

    @Test
    void everySettingOfTheBuilderIsInTheTable() {
        assertThat(Page.read("docs/processor.md").firstColumn("Settings"))
                .extracting(call -> call.substring(0, call.indexOf('(')))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EventProcessorBuilder.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                        .map(Method::getName)
                        .filter(name -> !name.equals("build"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void everySettingOfTheKeeperOfLettersIsInTheTable() {
        assertThat(Page.read("docs/dead-letters.md").firstColumn("Settings of DeadLetters"))
                .extracting(call -> call.substring(0, call.indexOf('(')))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DeadLetters.Builder.class.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                        .map(Method::getName)
                        .filter(name -> !name.equals("build"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void everyStateOfALetterIsInTheTable() {
        var table = Page.read("docs/dead-letters.md").table("States of a letter");
        assertThat(table)
                .extracting(row -> unquoted(row.get(0)))
                .containsExactlyInAnyOrder(names(LetterState.values()));
        for (List<String> row : table) {
            assertThat(row.get(1).endsWith("An end."))
                    .as(row.get(0))
                    .isEqualTo(LetterState.valueOf(unquoted(row.get(0))).isFinal());
        }
    }

    @Test
    void everyFormatOfLettersIsInTheTable() {
        assertThat(Page.read("docs/dead-letters.md").firstColumn("Formats"))
                .containsExactly(names(LetterFormat.values()));
    }

    private static String[] names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toArray(String[]::new);
    }

    @Test
    void everyStateAndWhereItMayGoIsInTheTable() {
        var table = Page.read("docs/processor.md").table("States");
        assertThat(table)
                .extracting(row -> unquoted(row.get(0)))
                .containsExactly(names(Arrays.stream(ProcessorState.values())));
        for (List<String> row : table) {
            var state = ProcessorState.valueOf(unquoted(row.get(0)));
            var next = Arrays.stream(ProcessorState.values()).filter(state::canBecome);
            assertThat(row.get(2).split(", ")).as(row.get(0)).containsExactlyInAnyOrder(names(next));
        }
    }

    @Test
    void everyHeaderOfALetterIsInTheTable() {
        assertThat(Page.read("docs/failures.md").firstColumn("Headers of a letter"))
                .containsExactlyInAnyOrderElementsOf(constants(DeadLetter.class, String.class)
                        .filter(name -> !name.equals(DeadLetter.PREFIX) && !name.equals(DeadLetter.STREAMS_PREFIX))
                        .toList());
    }

    @Test
    void everyFailureClassIsInTheTable() {
        assertThat(Page.read("docs/failures.md").firstColumn("Failure classes"))
                .containsExactlyInAnyOrderElementsOf(constants(FailureClass.class, FailureClass.class)
                        .map(FailureClass::name)
                        .toList());
    }

    @Test
    void everyKindOfWedgeIsInTheTable() {
        assertThat(Page.read("docs/health.md").firstColumn("Wedges"))
                .containsExactly(
                        Arrays.stream(WedgeKind.values()).map(WedgeKind::name).toArray(String[]::new));
    }

    @Test
    void everyMetricIsInTheTableAsItIsDeclared() {
        var page = Page.read("docs/health.md");
        assertThat(page.table("Metrics of a processor"))
                .containsExactlyElementsOf(Arrays.stream(ProcessorMetric.values())
                        .map(metric -> row(metric.metricName(), metric.kind(), metric.unit(), metric.description()))
                        .toList());
        assertThat(page.table("Metrics of a partition"))
                .containsExactlyElementsOf(Arrays.stream(PartitionMetric.values())
                        .map(metric -> row(metric.metricName(), metric.kind(), metric.unit(), metric.description()))
                        .toList());
    }

    @Test
    void everyMetricOfLettersIsInTheTableAsItIsDeclared() {
        assertThat(Page.read("docs/dead-letters.md").table("Metrics of letters"))
                .containsExactlyElementsOf(
                        Arrays.stream(LetterMetric.values()).map(PagesTest::row).toList());
    }

    private static List<String> row(LetterMetric metric) {
        String tags = metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "));
        var row = new ArrayList<>(row(metric.metricName(), metric.kind(), metric.unit(), metric.description()));
        row.add(3, tags.isEmpty() ? "none" : tags);
        return row;
    }

    private static List<String> row(String name, MetricKind kind, String unit, String description) {
        return List.of("`" + name + "`", kind.name().toLowerCase(Locale.ROOT), unit, description);
    }

    private static <T> Stream<T> constants(Class<?> owner, Class<T> type) {
        return Arrays.stream(owner.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == type)
                .map(field -> type.cast(value(field)));
    }

    private static Object value(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(field + " is public and cannot be read", e);
        }
    }

    private static String[] names(Stream<ProcessorState> states) {
        String[] names = states.map(ProcessorState::name).toArray(String[]::new);
        return names.length == 0 ? new String[] {"none"} : names;
    }

    private static String unquoted(String cell) {
        return cell.replace("`", "");
    }
}

package dev.semel.dlq.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semel.dlq.LettersUnavailableException;
import dev.semel.dlq.OperatorFencedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told without a cluster: help, wrong usage, a cluster that is not there. */
class UsageTest {

    private static final String[] CLUSTER = {
        "--bootstrap-server", "localhost:1", "--topic", "letters", "--deadline", "500ms"
    };

    private static String[] and(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(CLUSTER));
        return all.toArray(String[]::new);
    }

    @Test
    void helpNamesTheCommandsAndTheExitCodes() {
        String help = Cli.script("--help").exits(0).out();
        assertThat(help)
                .containsPattern("(?m)^  list +Lists letters.$")
                .contains("show", "groups", "plan", "redrive", "park", "discard", "audit", "lost")
                .containsPattern("(?m)^  0 +done")
                .containsPattern("(?m)^  1 +not all done")
                .containsPattern("(?m)^  2 +wrong usage")
                .containsPattern("(?m)^  3 +the cluster cannot be reached")
                .containsPattern("(?m)^  4 ")
                .containsPattern("(?m)^  130 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "show", "groups", "plan", "redrive", "park", "discard", "audit", "lost"})
    void eachCommandHasItsHelpWithWhatItNeedsAndTheExitCodes(String command) {
        assertThat(Cli.script(command, "--help").exits(0).out())
                .contains("--bootstrap-server", "--command-config=FILE", "--topic=TOPIC", "--json", "Exit codes:");
    }

    @Test
    void theIncidentInTheHelpIsMadeOfCommandsThatAreUnderstood() {
        List<String> shown = Cli.script("--help")
                .out()
                .lines()
                .filter(line -> line.startsWith("  dlq ") && !line.contains("()"))
                .toList();
        assertThat(shown)
                .extracting(line -> line.strip().split(" ")[1])
                .containsExactly("groups", "list", "plan", "redrive", "park", "audit", "redrive");
        for (String line : shown) {
            String[] words = line.strip().replaceAll("\"([^\"]*)\"", "why").split(" ");
            assertThat(Cli.person("", and(Arrays.copyOfRange(words, 1, words.length)))
                            .exits(3)
                            .err())
                    .contains("localhost:1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "list", "show", "groups", "plan", "redrive", "park", "discard", "audit", "lost"})
    void helpFitsAScreenOf80Columns(String command) {
        String[] given = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};
        assertThat(Cli.script(given).out().lines())
                .allSatisfy(line ->
                        assertThat(line).hasSizeLessThanOrEqualTo(80).doesNotMatch("timeout_exceeded.*|--reason.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plan", "redrive"})
    void helpTellsWhatIsHandledInPlaceAndWhatIsCopied(String command) {
        assertThat(Cli.script(command, "--help").out().replaceAll("\\s+", " ")).contains("in place", "copied", "wait");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                                        Name a command",
        "lst,                                       Did you mean",
        "list --topic t --bootstrap-server x,        must be HOST:PORT",
        "list --limit -1,                           --limit -1 must be 0",
        "list --limit many,                         --limit",
        "list --state open|gone,                    --state",
        "list --failure Timeout,                    lower case letters",
        "list --since yesterday,                    no point in time",
        "list --since 2026-11-21T03:00:00,          offset",
        "list --key-base64 !,                       no Base64",
        "list --deadline soon,                      no time",
        "list --bootstrap-server h:1 --topic t --deadline 0s, more than nothing",
        "list --failure a --since 2h --since 3h,    only once",
        "list --topic other,                        only once",
        "redrive --all --yes --rate 0,              more than 0",
        "redrive --all --yes --canary 0,            at least 1",
        "show,                                      --id",
        "plan --frobnicate,                         --frobnicate",
        "redrive --all --yes --stop-at-failed-share x, from 0 to 1",
        "redrive --all --yes --map x,               --map",
        "redrive --all --yes --partition x,         --partition",
        "redrive --yes,                             --all",
        "redrive --all,                             --yes",
        "park --all --yes,                          --reason",
        "discard --all --yes,                       --reason",
        "redrive --all --yes --store a=b,           must be GROUP:TOPIC=STORE",
        "edit --id x,                               edit"
    })
    void wrongUsageIsExitCode2AndSaysWhatIsWrong(String command, String told) {
        String[] given =
                command.isEmpty() ? new String[0] : command.replace('|', ',').split(" ");
        boolean hasCluster = given.length > 0 && !given[0].equals("lst") && !command.contains("--bootstrap-server");
        Cli.Result result = Cli.script(hasCluster ? and(given) : given).exits(2);
        assertThat(result.err()).contains(told);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void whatIsNeededIsAskedFor(@TempDir Path directory) throws IOException {
        assertThat(Cli.script("list", "--topic", "t").exits(2).err()).contains("--bootstrap-server is missing");
        assertThat(Cli.script("list", "--bootstrap-server", "h:1").exits(2).err())
                .contains("--topic is missing");
        Path config = Files.writeString(directory.resolve("client.properties"), "acks=all\n");
        assertThat(Cli.script("list", "--topic", "t", "--command-config", config.toString())
                        .exits(2)
                        .err())
                .contains("has no bootstrap.servers either");
    }

    @Test
    void aFileOfSettingsThatCannotBeUsedIsNamed(@TempDir Path directory) throws IOException {
        Path none = directory.resolve("none.properties");
        assertThat(Cli.script(and("list", "--command-config", none.toString()))
                        .exits(2)
                        .err())
                .contains(none.toString(), "NoSuchFile");
        Path broken = Files.writeString(directory.resolve("broken.properties"), "a=\\uXYZ1\n");
        assertThat(Cli.script(and("list", "--command-config", broken.toString()))
                        .exits(2)
                        .err())
                .contains(broken.toString());
        Path wrong = Files.writeString(directory.resolve("wrong.properties"), "security.protocol=SECRET\n");
        assertThat(Cli.script(and("list", "--command-config", wrong.toString()))
                        .exits(2)
                        .err())
                .contains("security.protocol");
        Path group = Files.writeString(directory.resolve("group.properties"), "group.id=inventory\n");
        assertThat(Cli.script(and("list", "--command-config", group.toString()))
                        .exits(2)
                        .err())
                .contains("group.id = inventory must not be set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "groups", "lost", "audit", "plan", "show --id x", "redrive --all --yes"})
    void aClusterThatIsNotThereIsExitCode3(String command) {
        assertThat(Cli.script(and(command.split(" "))).exits(3).err())
                .contains("The cluster was looked for at localhost:1");
    }

    @Test
    void aNameThatLeadsNowhereIsExitCode3() {
        assertThat(Cli.script("list", "--bootstrap-server", "nowhere.invalid:9092", "--topic", "t")
                        .exits(3)
                        .err())
                .contains("nowhere.invalid:9092");
    }

    @Test
    void anotherOperatorIsExitCode1AndAFaultOfTheProgramOfItsOwn() {
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), new PrintStream(err), new PrintStream(err), false, Map.of());
        var failures = new Failures(terminal);
        var root = new RootCommand(terminal, new Interruption());
        assertThat(failures.exitCode(new OperatorFencedException("bob has begun", null), root))
                .isEqualTo(ExitCode.NOT_ALL);
        assertThat(failures.exitCode(new LettersUnavailableException("away", null), root))
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(failures.exitCode(new IllegalStateException("unaccounted for"), root))
                .isEqualTo(ExitCode.FAULT);
        assertThat(err.toString()).contains("bob has begun", "away", "unaccounted for", "please report it");
    }
}

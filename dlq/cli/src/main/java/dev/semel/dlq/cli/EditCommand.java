package dev.semel.dlq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.semel.dlq.DeadLetterReprocessor;
import dev.semel.dlq.LetterEdit;
import dev.semel.dlq.LetterRevision;
import dev.semel.dlq.LetterValidator;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code semel-dlq edit}. */
@Command(
        name = "edit",
        header = "Puts another value, or other headers, into a letter.",
        description = {
            "",
            "Puts another value, or other headers, into a letter: writes a new letter in its place, with the id of the old one"
                    + " and a number behind it, and the old one is superseded. The key stays. A letter that its group keeps"
                    + " is edited by its owner, if that accepts edits. The new letter is redriven like any other.",
            ""
        })
final class EditCommand extends LetterCommand {

    /** Who checks that the letter can be read then. */
    private static final class Check {

        @Option(
                names = "--schema",
                paramLabel = "FILE",
                description = "a JSON Schema that the value must be valid by; needed, or --unchecked")
        private @Nullable Path schema;

        @Option(names = "--unchecked", description = "nobody checks here that the letter can be read then")
        private boolean unchecked;
    }

    @Parameters(paramLabel = "ID", description = "the letter's id: see list")
    private String id = "";

    @Option(names = "--value-file", paramLabel = "FILE", description = "the new value, byte by byte")
    private @Nullable Path value;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "a header, in place of all of its name. Can be given several times")
    private String[] headers = {};

    @Option(
            names = "--without-header",
            paramLabel = "NAME",
            description = "leaves out the headers of this name. Can be given several times")
    private String[] without = {};

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "why, for the audit; needed")
    private String reason = "";

    @ArgGroup(multiplicity = "1")
    private @Nullable Check check;

    @Option(names = "--dry-run", description = "only show what would be done")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "do not ask; needed where there is no terminal")
    private boolean yes;

    @Override
    void check() {
        if (value == null && headers.length == 0 && without.length == 0) {
            throw wrong("Say what is to be changed: --value-file, --header or --without-header");
        }
        if (reason.isBlank()) {
            throw wrong("--reason says nothing: whoever finds the letter asks for it");
        }
        if (!yes && !dryRun && !terminal().isInteractive()) {
            throw wrong("This changes a letter, and there is no terminal to ask at: --yes does it without asking,"
                    + " --dry-run shows what it would do");
        }
        connection().edits(validator());
    }

    private LetterValidator validator() {
        Path schema = Objects.requireNonNull(check, "check").schema;
        if (schema == null) {
            return LetterValidator.unchecked();
        }
        try {
            return SchemaCheck.of(schema);
        } catch (IOException e) {
            throw wrong("--schema " + schema + " cannot be read as a JSON Schema: " + e);
        }
    }

    private LetterEdit edit() {
        LetterEdit edit = LetterEdit.because(reason);
        if (value != null) {
            try {
                edit = edit.withValue(Files.readAllBytes(value));
            } catch (IOException e) {
                throw wrong("--value-file " + value + " cannot be read: " + e);
            }
        }
        for (String header : headers) {
            int equals = header.indexOf('=');
            if (equals < 1) {
                throw wrong("--header '" + header + "' must be NAME=VALUE");
            }
            edit = edit.withHeader(
                    header.substring(0, equals), header.substring(equals + 1).getBytes(UTF_8));
        }
        for (String name : without) {
            edit = edit.withoutHeader(name);
        }
        return edit;
    }

    @Override
    int run(DeadLetterReprocessor letters) {
        LetterEdit edit = edit();
        LetterRevision planned = letters.planEdit(id, edit);
        if (dryRun) {
            return show(planned, "would be edited");
        }
        if (!yes) {
            Revisions.print(terminal().err(), planned);
            String question = "Edit letter " + id
                    + (planned.keeper() == null ? "" : ", by its owner in group " + planned.keeper()) + "?";
            if (!Question.ask(terminal(), interruption(), () -> {}, question)) {
                say("Nothing was changed.");
                return ExitCode.NOT_ALL;
            }
        }
        return show(letters.edit(id, edit), "edited");
    }

    private int show(LetterRevision revision, String deed) {
        PrintStream out = terminal().out();
        if (isJson()) {
            Json.print(out, Revisions.json(revision, dryRun));
            return ExitCode.DONE;
        }
        if (yes || dryRun) {
            Revisions.print(out, revision);
        }
        out.println(Plain.text("Letter " + revision.letter().id() + " " + deed + ": in its place is " + revision.id()));
        return ExitCode.DONE;
    }
}

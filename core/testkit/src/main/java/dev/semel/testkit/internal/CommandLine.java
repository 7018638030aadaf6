package dev.semel.testkit.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The command that starts a JVM. Its options are in a file, since class paths outgrow command lines. */
public final class CommandLine {

    private CommandLine() {}

    /**
     * Writes a file for {@code java @file}.
     *
     * @param options options of the JVM
     * @return a temporary file
     * @throws IOException if it cannot be written
     */
    public static Path optionsFile(List<String> options) throws IOException {
        Path file = Files.createTempFile("semel-process-", ".options");
        try {
            Files.writeString(
                    file, options.stream().map(CommandLine::quoted).collect(Collectors.joining("\n", "", "\n")));
            return file;
        } catch (IOException e) { // as where the thread is interrupted
            TemporaryFiles.delete(file);
            throw e;
        }
    }

    /**
     * The command.
     *
     * @param optionsFile the options of the JVM
     * @param launcher its main class
     * @param mainClass the main class that the launcher runs
     * @param args the arguments of that one
     * @return the words of the command
     */
    public static List<String> java(Path optionsFile, Class<?> launcher, String mainClass, List<String> args) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.add("@" + optionsFile);
        words.add(launcher.getName());
        words.add(mainClass);
        words.addAll(args);
        return words;
    }

    private static String quoted(String option) {
        return '"' + option.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

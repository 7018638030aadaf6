package dev.semel.dlq.internal.command;

/** The topics by which commands reach the owners of partitions, and their answers come back. */
public final class CommandTopics {

    private CommandTopics() {}

    /** Where commands about the letters of a source topic go, {@code <group>.<topic>.letter-commands}: to the partition of the same number. */
    public static String commands(String group, String source) {
        return group + "." + source + ".letter-commands";
    }

    /** Where the owners in a group answer, {@code <group>.letter-answers}; it has one partition. */
    public static String answers(String group) {
        return group + ".letter-answers";
    }
}

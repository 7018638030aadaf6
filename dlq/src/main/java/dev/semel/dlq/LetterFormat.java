package dev.semel.dlq;

/** Who wrote a letter, by the headers that it has. */
public enum LetterFormat {
    /** Semel, with {@code __semel.dlq.*}. */
    SEMEL,
    /** Spring Kafka, with {@code kafka_dlt-*}, or without {@code dlt-} on its way through retry topics. */
    SPRING,
    /** A sink connector of Kafka Connect, with {@code __connect.errors.*}. */
    CONNECT,
    /** Kafka Streams, with {@code __streams.errors.*}. */
    STREAMS,
    /** The broker, for a share group, with {@code __dlq.errors.*}. */
    SHARE_GROUP,
    /** SmallRye Reactive Messaging (Quarkus), with {@code dead-letter-*}. */
    SMALLRYE,
    /** Nobody who could be told, or a reader of the user's own. */
    UNKNOWN
}

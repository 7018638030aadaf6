package dev.semel.core.internal.commit;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/** What a consumer tells of its membership. */
public final class Members {

    public static final String GROUP = "group";

    private Members() {}

    /** A member of this generation. */
    public static ConsumerGroupMetadata ofGeneration(int generation) {
        return metadata(generation, "member");
    }

    /** As {@code groupMetadata()} looks before joining and after leaving: brokers accept it without any check. */
    public static ConsumerGroupMetadata unfenced() {
        return metadata(-1, "");
    }

    // Kafka means to make it an interface; until then there is no other way to have one.
    @SuppressWarnings("removal")
    public static ConsumerGroupMetadata metadata(int generation, String member) {
        return new ConsumerGroupMetadata(GROUP, generation, member, Optional.empty());
    }
}

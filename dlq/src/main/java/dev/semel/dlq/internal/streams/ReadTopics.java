package dev.semel.dlq.internal.streams;

import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyDescription.GlobalStore;
import org.apache.kafka.streams.TopologyDescription.Source;

/** The topics that a topology reads. */
public final class ReadTopics {

    private ReadTopics() {}

    /** Whether a source of the topology reads this topic, by its name or by a pattern. */
    public static boolean include(TopologyDescription topology, String topic) {
        Stream<Source> sources = topology.subtopologies().stream()
                .flatMap(subtopology -> subtopology.nodes().stream())
                .filter(Source.class::isInstance)
                .map(Source.class::cast);
        Stream<Source> globalSources = topology.globalStores().stream().map(GlobalStore::source);
        return Stream.concat(sources, globalSources).anyMatch(source -> reads(source, topic));
    }

    /** A source has either names or a pattern; the other one is null. */
    private static boolean reads(Source source, String topic) {
        Set<String> names = source.topicSet();
        return names == null ? source.topicPattern().matcher(topic).matches() : names.contains(topic);
    }
}

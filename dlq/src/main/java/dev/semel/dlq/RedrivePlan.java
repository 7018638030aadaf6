package dev.semel.dlq;

import java.util.List;
import java.util.Map;

/**
 * What a redrive would do, found out without writing anything.
 *
 * @param selected how many letters the selection has
 * @param toMove how many would be handled in place, or copied
 * @param duplicate how many an earlier run has copied, or have come to their end in their group
 * @param skipped how many would be left as they are, by reason
 * @param inPlace how many would be handled in place, by the group whose processors do
 * @param targets how many would be copied to each topic
 * @param toFetch how many of those would be read from their origin, since the letter has not all of the record; some may be gone
 * @param keys how many keys they have
 * @param waiting how many records wait behind those that would be handled in place, and go on after them
 * @param reordered how many would be copied before letters that arrived earlier, to keep their key's order
 * @param overtaken how many of the keys have an earlier letter that is left as it is, in no final state: put aside, left out by the
 *     filter, or without a target. Copies of their later letters would go before it. Not known of letters that retention has deleted
 * @param lost ids of letters that nobody can redrive any more, at most {@value RedriveReport#MAX_LOST}
 */
public record RedrivePlan(
        long selected,
        long toMove,
        long duplicate,
        Map<String, Long> skipped,
        Map<String, Long> inPlace,
        Map<String, Long> targets,
        long toFetch,
        long keys,
        long waiting,
        long reordered,
        long overtaken,
        List<String> lost) {

    public RedrivePlan {
        skipped = Map.copyOf(skipped);
        inPlace = Map.copyOf(inPlace);
        targets = Map.copyOf(targets);
        lost = List.copyOf(lost);
    }
}

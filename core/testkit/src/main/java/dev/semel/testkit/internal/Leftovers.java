package dev.semel.testkit.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what a test leaves on the cluster: every topic and group that has its tag in the name. */
public final class Leftovers {

    private static final Logger log = LoggerFactory.getLogger(Leftovers.class);
    private static final int TIMEOUT_MS = (int) Duration.ofSeconds(5).toMillis();

    private final Admin admin;
    private final TestNames names;

    /**
     * Prepares to clean.
     *
     * @param admin a client of the cluster
     * @param names the names of the test
     */
    public Leftovers(Admin admin, TestNames names) {
        this.admin = admin;
        this.names = names;
    }

    /** Cleans as far as it can. What stays is in nobody's way, since no other test uses its names: debug log only. */
    public void delete() {
        quietly("topics", this::deleteTopics);
        quietly("groups", this::deleteGroups);
    }

    private void deleteTopics() throws Exception {
        Set<String> all = await(
                admin.listTopics(new ListTopicsOptions().timeoutMs(TIMEOUT_MS)).names());
        List<String> ours = all.stream().filter(names::owns).toList();
        if (!ours.isEmpty()) {
            await(admin.deleteTopics(ours, new DeleteTopicsOptions().timeoutMs(TIMEOUT_MS))
                    .all());
        }
    }

    private void deleteGroups() throws Exception {
        List<String> ours = await(admin.listGroups(new ListGroupsOptions().timeoutMs(TIMEOUT_MS))
                        .all())
                .stream()
                .map(GroupListing::groupId)
                .filter(names::owns)
                .toList();
        if (!ours.isEmpty()) {
            await(admin.deleteConsumerGroups(ours, new DeleteConsumerGroupsOptions().timeoutMs(TIMEOUT_MS))
                    .all());
        }
    }

    private static <T> T await(KafkaFuture<T> answer) throws Exception {
        return answer.get(2L * TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private interface Cleaning {
        void run() throws Exception;
    }

    private void quietly(String what, Cleaning cleaning) {
        try {
            cleaning.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.debug("the {} of {} were not deleted", what, names.tag(), e);
        }
    }
}

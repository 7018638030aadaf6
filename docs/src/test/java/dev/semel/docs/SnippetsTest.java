package dev.semel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every Java snippet in README and documentation is a region of the tests, which compile and pass. */
class SnippetsTest {

    @Test
    void everyJavaBlockIsTheRegionThatItNames() {
        Map<String, String> regions = Regions.ofTests().texts();
        assertThat(Page.all()).flatExtracting(page -> faults(page, regions)).isEmpty();
    }

    @Test
    void everyRegionIsShown() {
        assertThat(Page.all().stream()
                        .flatMap(page -> page.blocks().stream())
                        .map(Page.Block::snippet)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Regions.ofTests().texts().keySet());
    }

    @Test
    void aBlockThatDiffersIsFound() {
        var regions = Map.of("greet", "    hello();\n        world();");
        String fence = "<!-- snippet: greet -->\n```java\n";
        assertThat(faults(Page.of("page", fence + "hello();\n    world();\n```"), regions))
                .as("the same but for how far it is indented")
                .isEmpty();
        assertThat(faults(Page.of("page", fence + "hello();\n    word();\n```"), regions))
                .singleElement()
                .asString()
                .contains("page:2", "greet");
        assertThat(faults(Page.of("page", fence + "hello();\n```"), regions)).hasSize(1);
    }

    @Test
    void aBlockWithoutACommentAndOneOfAnUnknownRegionAreFound() {
        assertThat(faults(Page.of("page", "```java\nhello();\n```"), Map.of())).hasSize(1);
        assertThat(faults(Page.of("page", "<!-- snippet: none -->\n```java\nhello();\n```"), Map.of()))
                .hasSize(1);
        assertThat(faults(Page.of("page", "<!-- snippet: none -->\n\n```java\nhello();\n```"), Map.of()))
                .hasSize(1);
        assertThat(faults(Page.of("page", "```xml\n<a/>\n```"), Map.of())).isEmpty();
    }

    private static List<String> faults(Page page, Map<String, String> regions) {
        var faults = new ArrayList<String>();
        for (Page.Block block : page.blocks()) {
            if (!block.language().equals("java")) {
                continue;
            }
            String place = page.name() + ":" + block.line();
            if (block.snippet().isEmpty()) {
                faults.add(place + " has no comment <!-- snippet: name --> in the line above it");
            } else if (!regions.containsKey(block.snippet().get())) {
                faults.add(place + " names the region " + block.snippet().get() + ", which is in no test");
            } else {
                String region = normal(regions.get(block.snippet().get()));
                if (!region.equals(normal(block.text()))) {
                    faults.add(place + " differs from region " + block.snippet().get() + ", which is:\n" + region);
                }
            }
        }
        return faults;
    }

    /** How far code is indented as a whole is no difference. */
    private static String normal(String code) {
        return code.stripIndent().strip();
    }
}

package dev.semel.dlq.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Options under headings, by the class that declares them.
 *
 * <p>Picocli's own way to have headings is a group, and a group begins anew when one of its options is given a second time: the filters
 * that came before would be forgotten, and more letters changed than were asked for.
 */
final class HelpSections {

    private static final String PLAIN = "";

    private HelpSections() {}

    static void of(CommandLine command) {
        for (CommandLine subcommand : command.getSubcommands().values()) {
            subcommand.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpSections::render);
        }
    }

    private static String render(Help help) {
        Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
        sections.put(PLAIN, new ArrayList<>());
        for (OptionSpec option : help.commandSpec().options()) {
            sections.computeIfAbsent(heading(option), unknown -> new ArrayList<>())
                    .add(option);
        }
        var text = new StringBuilder();
        sections.forEach((heading, options) -> {
            text.append(heading.isEmpty() ? "" : String.format("%n%s%n", heading));
            Help.Layout layout = help.createDefaultLayout();
            layout.addAllOptions(options, help.parameterLabelRenderer());
            text.append(layout);
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        Class<?> owner = option.userObject() instanceof Field field ? field.getDeclaringClass() : Object.class;
        if (owner == Connection.class) {
            return "The cluster and its letters:";
        }
        if (owner == Filters.class) {
            return "Which letters:";
        }
        return owner == Targeting.class || owner == RedriveCommand.class ? "Where to, and how:" : PLAIN;
    }
}

package dev.semel.dlq.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream("/semel-dlq.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return new String[] {"semel-dlq " + properties.getProperty("version", "of unknown version")};
    }
}

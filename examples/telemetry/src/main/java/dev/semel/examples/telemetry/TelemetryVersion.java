package dev.semel.examples.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it. */
final class TelemetryVersion implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (InputStream file = TelemetryVersion.class.getResourceAsStream("/telemetry.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return new String[] {"Semel telemetry " + properties.getProperty("version", "of unknown version")};
    }
}

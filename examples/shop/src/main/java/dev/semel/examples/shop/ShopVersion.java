package dev.semel.examples.shop;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version, as the build wrote it. */
final class ShopVersion implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (InputStream file = ShopVersion.class.getResourceAsStream("/shop.properties")) {
            if (file != null) {
                properties.load(file);
            }
        }
        return new String[] {"Semel shop " + properties.getProperty("version", "of unknown version")};
    }
}

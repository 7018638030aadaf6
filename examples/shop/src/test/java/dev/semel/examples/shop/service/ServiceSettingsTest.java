package dev.semel.examples.shop.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semel.examples.shop.database.DatabaseSettings;
import dev.semel.examples.shop.event.ShopNames;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceSettingsTest {

    private static final DatabaseSettings DATABASE =
            new DatabaseSettings("jdbc:postgresql://host/db?ssl=true", "somebody", "secret", "shop_1");

    @Test
    void aServiceIsToldAllOfItAndThePasswordNotOnTheCommandLine() {
        var settings = settings(InjectedFailures.none(), DATABASE);

        ServiceSettings told = ServiceSettings.of(settings.toArguments(), settings.toEnvironment());

        assertThat(told.bootstrapServers()).isEqualTo("host:9092");
        assertThat(told.names()).isEqualTo(new ShopNames("1"));
        assertThat(told.failures().toArgument()).isEqualTo("none");
        assertThat(told.mailServer()).isEqualTo(URI.create("http://127.0.0.1:8025/mails"));
        assertThat(told.database()).isEqualTo(DATABASE);
        assertThat(settings.toArguments()).noneMatch(argument -> argument.contains("secret"));
    }

    @Test
    void aUserAndAPasswordThatAreNotThereStayAway() {
        var database = new DatabaseSettings("jdbc:postgresql://host/db", null, null, "shop");
        var settings = settings(InjectedFailures.seeded(7), database);

        ServiceSettings told = ServiceSettings.of(settings.toArguments(), settings.toEnvironment());

        assertThat(told.database()).isEqualTo(database);
        assertThat(told.failures().toArgument()).isEqualTo("7");
    }

    @Test
    void whatIsMissingIsNamed() {
        var settings = settings(InjectedFailures.none(), DATABASE);

        assertThatThrownBy(() -> ServiceSettings.of(List.of("host:9092"), settings.toEnvironment()))
                .hasMessageContaining("<bootstrap servers> run=<run> <failure seed or none> <mail server>");
        assertThatThrownBy(() -> ServiceSettings.of(settings.toArguments(), Map.of()))
                .hasMessageContaining("SHOP_JDBC_URL");
    }

    @Test
    void whatIsShownOfADatabaseHoldsNoPassword() {
        assertThat(new DatabaseSettings("jdbc:postgresql://host/db?user=u&password=secret", null, "secret", "shop"))
                .hasToString("jdbc:postgresql://host/db");
        assertThat(DATABASE.toString()).doesNotContain("secret");
    }

    private static ServiceSettings settings(InjectedFailures failures, DatabaseSettings database) {
        return new ServiceSettings(
                "host:9092", new ShopNames("1"), failures, URI.create("http://127.0.0.1:8025/mails"), database);
    }
}

package dev.semel.core.failure;

/**
 * A setting that cannot work, found when a builder builds: the message names the setting, its value and the rule.
 *
 * <p>Reaction: change the setting; trying again does not help.
 */
public final class ConfigurationException extends SemelException {

    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message, null);
    }
}

package dev.muster.registry;

import java.util.Optional;

/** Where people write the settings of services: {@code <prefix>/<service>/<name>}. Which values are good is not its business. */
public interface SettingStore {

    /**
     * @return what was there before
     * @throws UnansweredException where it may be done all the same; another RegistryException only where it is not
     */
    Optional<String> set(String service, String name, String value) throws RegistryException;

    /**
     * @return what was there before
     * @throws UnansweredException where it may be done all the same; another RegistryException only where it is not
     */
    Optional<String> unset(String service, String name) throws RegistryException;

    /**
     * The same, and in the same step lets go what was there by that setting, for a watcher that is not there to see it. Also
     * where the setting is gone already.
     *
     * @return what was there before
     * @throws UnansweredException where it may be done all the same; another RegistryException only where it is not
     */
    Optional<String> unset(String service, String name, Release release) throws RegistryException;
}

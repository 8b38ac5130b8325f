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
}

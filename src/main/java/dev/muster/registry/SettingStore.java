package dev.muster.registry;

import java.util.Optional;

/** Where people write the settings of services: {@code <prefix>/<service>/<name>}. Which values are good is not its business. */
public interface SettingStore {

    /** @return what was there before */
    Optional<String> set(String service, String name, String value) throws RegistryException;

    /** @return what was there before */
    Optional<String> unset(String service, String name) throws RegistryException;
}

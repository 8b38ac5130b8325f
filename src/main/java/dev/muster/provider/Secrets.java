package dev.muster.provider;

import java.util.Optional;

/** Where a fleet keeps its secrets. Thread-safe; what is read appears in no message. */
public interface Secrets {

    /**
     * @param path such as {@code /secrets/aws_access_key_id}
     * @return empty where there is none
     */
    Optional<String> read(String path) throws ProviderException;
}

package dev.muster.config;

import java.util.Optional;

/**
 * Where metrics and health are served.
 *
 * @param address empty: nowhere
 */
public record HttpConfig(Optional<HostPort> address) {

    public static final HttpConfig OFF = new HttpConfig(Optional.empty());
}

package dev.muster.http;

import java.util.Optional;

/** How the program fares, asked at any time from any thread; must not wait for anything. */
public interface Health {

    /** @return the reason why it should be started anew; empty while it works or waits in good order */
    Optional<String> notLive();

    /** @return the reason why it does not do its work yet, or at the moment; empty when it does */
    Optional<String> notReady();
}

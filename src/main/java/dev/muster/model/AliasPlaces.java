package dev.muster.model;

import java.util.List;
import java.util.Optional;

/**
 * Where an alias may stand. A container's label chooses its key, so that it must not reach what is another service's, a
 * person's or Muster's own: it stands beside its own service's instances, three levels deep as mondb's
 * {@code /services/db/db_private_ip}, or below a place that the agent's owner has opened.
 *
 * @param services where services stand, without a trailing slash
 * @param opened places below which any alias may stand, without a trailing slash
 */
public record AliasPlaces(String services, List<String> opened) {

    /** The default prefix, and nothing opened. */
    public static final AliasPlaces DEFAULT = new AliasPlaces("/services", List.of());

    private static final String MUSTERS = "/muster/";

    public AliasPlaces {
        opened = List.copyOf(opened);
    }

    /** Why an instance of that service may not have this alias, as a sentence; empty where it may. */
    public Optional<String> refusal(String service, String key) {
        String own = services + "/" + service + "/";
        String rest = key.startsWith(own) ? key.substring(own.length()) : "";
        boolean besideInstances = !rest.isEmpty() && rest.indexOf('/') < 0;
        if (besideInstances && !Name.isValid(rest)) {
            return Optional.of("alias '%s': '%s' is reserved or no name; allowed is %s<name>"
                    .formatted(Name.printable(key), Name.printable(rest), own));
        }
        if (besideInstances || (isOpened(key) && !key.startsWith(MUSTERS))) {
            return Optional.empty();
        }
        return Optional.of("alias '%s': allowed is %s<name>%s"
                .formatted(
                        Name.printable(key),
                        own,
                        opened.isEmpty()
                                ? "; --allow-alias opens other places"
                                : ", or what is below " + String.join(", ", opened)));
    }

    private boolean isOpened(String key) {
        return opened.stream().anyMatch(place -> key.startsWith(place + "/") && key.length() > place.length() + 1);
    }
}

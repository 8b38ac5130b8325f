package dev.muster.plan;

import dev.muster.model.Protocol;
import dev.muster.model.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which service gets a route that several claim. What a person has set goes before labels; then whoever has it keeps it;
 * then whoever has been there longer. So a restart of the watcher changes nothing, and neither does a deployment that
 * replaces every instance of the service that has it. Pure.
 */
public final class RouteClaims {

    /**
     * What one service asks for.
     *
     * @param routes none: an HTTP service is then found by its name
     * @param byPerson whether a person has set them
     * @param since when the first of its instances started
     */
    public record Claim(String service, Protocol protocol, List<Route> routes, boolean byPerson, Instant since) {}

    /** A route that another service has. */
    public record Lost(String service, Route route, String holder) {

        @Override
        public String toString() {
            return "%s does not get the route %s, which %s has".formatted(service, route.text(), holder);
        }
    }

    /**
     * @param routes of each service: those of its claim that it gets
     * @param lost in a fixed order
     */
    public record Granted(SortedMap<String, List<Route>> routes, List<Lost> lost) {}

    /** Routes that mean the same are the same way. */
    private record Way(int port, String host, String path) {

        static Way of(Route route) {
            return new Way(route.port(), route.host(), route.path().replaceAll("/+$", ""));
        }
    }

    private record Bid(Claim claim, Route route, boolean has) {}

    private static final Comparator<Bid> ORDER = Comparator.comparing(
                    (Bid bid) -> !bid.claim().byPerson())
            .thenComparing(bid -> !bid.has())
            .thenComparing(bid -> bid.claim().since())
            .thenComparing(bid -> bid.claim().service());

    private final Map<Way, String> http = new HashMap<>();
    private final Map<Integer, String> httpPorts = new HashMap<>();
    private final Map<Integer, String> tcpPorts = new HashMap<>();

    private RouteClaims() {}

    /** @param standing what each service has now */
    public static Granted grant(Collection<Claim> claims, Map<String, ServiceTargets> standing) {
        List<Bid> bids = new ArrayList<>();
        SortedMap<String, List<Route>> granted = new TreeMap<>();
        for (Claim claim : claims) {
            granted.put(claim.service(), new ArrayList<>());
            wanted(claim).forEach(route -> bids.add(new Bid(claim, route, has(standing, claim, route))));
        }
        bids.sort(ORDER);
        RouteClaims routes = new RouteClaims();
        List<Lost> lost = new ArrayList<>();
        for (Bid bid : bids) {
            String service = bid.claim().service();
            String holder = routes.holder(bid);
            if (!holder.equals(service)) {
                lost.add(new Lost(service, bid.route(), holder));
            } else if (bid.claim().routes().contains(bid.route())) {
                granted.get(service).add(bid.route());
            }
        }
        lost.sort(Comparator.comparing(Lost::service)
                .thenComparing(one -> one.route().text()));
        return new Granted(granted, lost);
    }

    private static List<Route> wanted(Claim claim) {
        return claim.routes().isEmpty() && claim.protocol() == Protocol.HTTP
                ? byName(claim.service()).map(List::of).orElse(List.of())
                : claim.routes();
    }

    private static boolean has(Map<String, ServiceTargets> standing, Claim claim, Route route) {
        ServiceTargets there = standing.get(claim.service());
        return there != null
                && there.protocol() == claim.protocol()
                && wanted(new Claim(claim.service(), there.protocol(), there.routes(), false, Instant.EPOCH))
                        .contains(route);
    }

    /** Whoever has it once this bid was heard. */
    private String holder(Bid bid) {
        String service = bid.claim().service();
        int port = bid.route().port();
        if (bid.claim().protocol() == Protocol.HTTP) {
            @Nullable String tcp = tcpPorts.get(port);
            if (tcp != null) {
                return tcp;
            }
            httpPorts.putIfAbsent(port, service);
            return http.computeIfAbsent(Way.of(bid.route()), way -> service);
        }
        if (port == 0) {
            return service; // which is no place for it, as its balancer will say
        }
        @Nullable String holder = httpPorts.get(port);
        return holder != null ? holder : tcpPorts.computeIfAbsent(port, free -> service);
    }

    private static Optional<Route> byName(String service) {
        try {
            return Optional.of(new Route(service.toLowerCase(Locale.ROOT), "", 0));
        } catch (IllegalArgumentException noHost) {
            return Optional.empty();
        }
    }
}

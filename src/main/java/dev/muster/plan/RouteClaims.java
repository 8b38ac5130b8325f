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
     * @param has the routes that it has by now, where it stands there with this protocol
     */
    public record Claim(
            String service,
            Protocol protocol,
            List<Route> routes,
            boolean byPerson,
            Instant since,
            Optional<List<Route>> has) {

        /** Of a service that does not stand there yet. */
        public Claim(String service, Protocol protocol, List<Route> routes, boolean byPerson, Instant since) {
            this(service, protocol, routes, byPerson, since, Optional.empty());
        }

        /** The same, where this stands there. */
        public Claim with(@Nullable ServiceTargets there) {
            Optional<List<Route>> now =
                    there == null || there.protocol() != protocol ? Optional.empty() : Optional.of(there.routes());
            return new Claim(service, protocol, routes, byPerson, since, now);
        }
    }

    /**
     * A route that another service has.
     *
     * @param route as people write it
     */
    public record Lost(String service, String route, String holder) {

        @Override
        public String toString() {
            return "%s does not get the route %s, which %s has".formatted(service, route, holder);
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
            String path = route.path();
            int end = path.length();
            while (end > 0 && path.charAt(end - 1) == '/') {
                end--;
            }
            return new Way(route.port(), route.host(), path.substring(0, end));
        }

        /** How an HTTP service without routes is found. */
        static Way byName(String service) {
            return new Way(0, service.toLowerCase(Locale.ROOT), "");
        }
    }

    /** @param route empty for the service's name */
    private record Bid(Claim claim, Way way, Optional<Route> route, boolean has) {

        String text() {
            return route.map(Route::text).orElse(way.host());
        }
    }

    private static final Comparator<Bid> ORDER = Comparator.comparing(
                    (Bid bid) -> !bid.claim().byPerson())
            .thenComparing(bid -> !bid.has())
            .thenComparing(bid -> bid.claim().since())
            .thenComparing(bid -> bid.claim().service());

    private final Map<Way, String> http = new HashMap<>();
    private final Map<Integer, String> httpPorts = new HashMap<>();
    private final Map<Integer, String> tcpPorts = new HashMap<>();

    private RouteClaims() {}

    public static Granted grant(Collection<Claim> claims) {
        List<Bid> bids = new ArrayList<>();
        SortedMap<String, List<Route>> granted = new TreeMap<>();
        for (Claim claim : claims) {
            granted.put(claim.service(), new ArrayList<>());
            for (Route route : claim.routes()) {
                boolean has = claim.has().isPresent() && claim.has().get().contains(route);
                bids.add(new Bid(claim, Way.of(route), Optional.of(route), has));
            }
            if (claim.routes().isEmpty() && claim.protocol() == Protocol.HTTP) {
                boolean has = claim.has().isPresent() && claim.has().get().isEmpty();
                bids.add(new Bid(claim, Way.byName(claim.service()), Optional.empty(), has));
            }
        }
        bids.sort(ORDER);
        RouteClaims routes = new RouteClaims();
        List<Lost> lost = new ArrayList<>();
        for (Bid bid : bids) {
            String service = bid.claim().service();
            String holder = routes.holder(bid);
            if (!holder.equals(service)) {
                lost.add(new Lost(service, bid.text(), holder));
            } else {
                bid.route()
                        .ifPresent(route -> granted.computeIfAbsent(service, name -> new ArrayList<>())
                                .add(route));
            }
        }
        lost.sort(Comparator.comparing(Lost::service).thenComparing(Lost::route));
        return new Granted(granted, lost);
    }

    /** Whoever has it once this bid was heard. */
    private String holder(Bid bid) {
        String service = bid.claim().service();
        int port = bid.way().port();
        if (bid.claim().protocol() == Protocol.HTTP) {
            @Nullable String tcp = tcpPorts.get(port);
            if (tcp != null) {
                return tcp;
            }
            httpPorts.putIfAbsent(port, service);
            return http.computeIfAbsent(bid.way(), way -> service);
        }
        if (port == 0) {
            return service; // which is no place for it, as its balancer will say
        }
        @Nullable String holder = httpPorts.get(port);
        return holder != null ? holder : tcpPorts.computeIfAbsent(port, free -> service);
    }
}

package dev.muster.provider.route53;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Route 53 over the real wire, as strict as its documentation, and as nasty as a network: it throttles, fails, answers late
 * and does what it is asked without saying so, whenever a test tells it to.
 */
final class FakeRoute53 implements AutoCloseable {

    /** What becomes of a call. */
    enum Fate {
        /**
         * HTTP 400 {@code Throttling}: not done.
         *
         * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html">Throttling</a>
         */
        THROTTLED,
        /** HTTP 400, https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html, "Errors". */
        PRIOR_REQUEST_NOT_COMPLETE,
        /** HTTP 500 {@code InternalFailure}: not done. */
        FAILED,
        /** HTTP 503 {@code ServiceUnavailable}: not done. */
        UNAVAILABLE,
        /** HTTP 500 although it was done. */
        FAILED_AFTER,
        /** Done, and the connection is cut before an answer. */
        UNANSWERED,
        /** Nothing is done and nothing is answered before {@link #letGo}; then it is done. */
        LATE,
        /** HTTP 403 {@code ExpiredToken}, https://docs.aws.amazon.com/Route53/latest/APIReference/CommonErrors.html. */
        EXPIRED_TOKEN,
        /** HTTP 403 {@code AccessDenied}. */
        DENIED
    }

    private record Planned(Predicate<String> call, Fate fate) {}

    private final HttpServer server;
    private final Map<String, FakeZone> zones = new TreeMap<>();
    private final FakeHealthChecks healthChecks = new FakeHealthChecks();
    private final List<String> calls = new ArrayList<>();
    private final List<List<FakeZone.Step>> batches = new ArrayList<>();
    private final Deque<Planned> fates = new ArrayDeque<>();
    private final Map<String, Integer> looks = new HashMap<>();
    private final CountDownLatch late = new CountDownLatch(1);
    private final AtomicInteger stillLate = new AtomicInteger();
    private final Map<String, Fate> standing = new HashMap<>();
    private int pendingLooks;
    private int changes;
    private final List<String> callers = new ArrayList<>();
    private final FakeSts sts = new FakeSts();

    FakeRoute53() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    synchronized FakeZone zone(String id, String name, boolean isPrivate) {
        return zones.computeIfAbsent(id, any -> new FakeZone(new Zone(id, new DnsName(name), isPrivate), healthChecks));
    }

    /** Of the account; by a person's hand, while nobody calls. */
    FakeHealthChecks healthChecks() {
        return healthChecks;
    }

    /** One of another account, which only those see who have taken a role of that. */
    synchronized FakeZone zoneOf(String account, String id, String name) {
        sts.owns(account, id);
        return zone(id, name, false);
    }

    synchronized void delete(String zone) {
        zones.remove(zone);
    }

    /** The next call whose name begins so ends like this. Several are used up one after the other. */
    synchronized void next(String call, Fate fate) {
        fates.add(new Planned(name -> name.startsWith(call), fate));
    }

    /** From now on every such call that is not to end otherwise ends like this. */
    synchronized void always(String call, Fate fate) {
        standing.put(call, fate);
    }

    /** From now on a change is everywhere only when it was asked for so often. */
    synchronized void everywhereAfter(int looksAtIt) {
        pendingLooks = looksAtIt;
    }

    /** Calls that are late, and neither done nor refused yet. */
    int stillLate() {
        return stillLate.get();
    }

    /** What was late happens now. */
    void letGo() {
        late.countDown();
    }

    /** Who has called so far: {@code AssumeRole AKIA...}, with what was asked of it, or the key alone. */
    synchronized List<String> callers() {
        return List.copyOf(callers);
    }

    /** Every call so far, by its name and what it is about. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Every batch that was done, in order. */
    synchronized List<List<FakeZone.Step>> batches() {
        return List.copyOf(batches);
    }

    synchronized List<RecordSet> sets(String zone) {
        return Objects.requireNonNull(zones.get(zone), zone).all();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI().getPath().split("/");
        String key = caller(exchange);
        boolean ofSts = exchange.getRequestURI().getPath().equals("/");
        String asked = URLDecoder.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        synchronized (this) {
            callers.add(ofSts ? "AssumeRole %s %s".formatted(key, asked) : key);
        }
        String call = ofSts ? "AssumeRole " + FakeSts.role(asked) : name(exchange.getRequestMethod(), path);
        Fate fate = fate(call);
        try {
            switch (fate == null ? Fate.UNANSWERED : fate) {
                case THROTTLED -> answer(exchange, 400, FakeXml.error("Throttling", "Rate exceeded"));
                case PRIOR_REQUEST_NOT_COMPLETE ->
                    answer(
                            exchange,
                            400,
                            FakeXml.error(
                                    "PriorRequestNotComplete",
                                    "The request was rejected because Route 53 was still processing a prior request."));
                case FAILED -> answer(exchange, 500, FakeXml.error("InternalFailure", "try again"));
                case UNAVAILABLE -> answer(exchange, 503, FakeXml.error("ServiceUnavailable", "try again"));
                case EXPIRED_TOKEN ->
                    answer(
                            exchange,
                            403,
                            FakeXml.error("ExpiredToken", "The token AKIDSECRET included in the request is expired"));
                case DENIED ->
                    answer(exchange, 403, FakeXml.error("AccessDenied", "not authorized to perform: " + call));
                case LATE -> {
                    stillLate.incrementAndGet();
                    try {
                        late.await();
                        answer(exchange, 200, done(exchange, path, body));
                    } finally {
                        stillLate.decrementAndGet();
                    }
                }
                case FAILED_AFTER -> {
                    done(exchange, path, body);
                    answer(exchange, 500, FakeXml.error("InternalFailure", "try again"));
                }
                case UNANSWERED -> {
                    String text = done(exchange, path, body);
                    if (fate == null) {
                        answer(exchange, 200, text);
                    }
                }
            }
        } catch (FakeZone.Refusal e) {
            answer(
                    exchange,
                    e.code.startsWith("NoSuch") ? 404 : e.code.endsWith("AlreadyExists") ? 409 : 400,
                    FakeXml.error(e.code, String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            answer(exchange, 400, FakeXml.error("InvalidInput", String.valueOf(e)));
        } finally {
            exchange.close();
        }
    }

    /** The id of the access key. */
    static String caller(HttpExchange exchange) {
        return exchange.getRequestHeaders().getFirst("Authorization").replaceAll(".*Credential=([^/]*)/.*", "$1");
    }

    /** The action, as AWS calls it, and what it is about. */
    static String name(String method, String[] path) {
        String about = path.length > 3 ? " " + path[3] : "";
        if (path.length > 2 && path[2].equals("change")) {
            return "GetChange" + about;
        }
        if (path.length > 2 && path[2].equals("healthcheck")) {
            return switch (method) {
                case "POST" -> "CreateHealthCheck";
                case "DELETE" -> "DeleteHealthCheck" + about;
                default -> "ListHealthChecks";
            };
        }
        return path.length <= 3
                ? "ListHostedZones"
                : (method.equals("POST") ? "ChangeResourceRecordSets" : "ListResourceRecordSets") + about;
    }

    private synchronized @Nullable Fate fate(String call) {
        calls.add(call);
        for (Planned planned : fates) {
            if (planned.call().test(call)) {
                fates.remove(planned);
                return planned.fate();
            }
        }
        for (Map.Entry<String, Fate> one : standing.entrySet()) {
            if (call.startsWith(one.getKey())) {
                return one.getValue();
            }
        }
        return null;
    }

    private synchronized String done(HttpExchange exchange, String[] path, byte[] body) throws Exception {
        if (path.length < 2) {
            return sts.taken(
                    FakeSts.role(URLDecoder.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8)));
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        if (path[2].equals("change")) {
            int seen = looks.merge(path[3], 1, Integer::sum);
            return FakeXml.change("GetChangeResponse", path[3], seen > pendingLooks);
        }
        if (path[2].equals("healthcheck")) {
            return healthCheck(exchange.getRequestMethod(), path, query, body);
        }
        if (path.length <= 3) {
            return zones(query, caller(exchange));
        }
        FakeZone zone = zones.get(path[3]);
        if (zone == null || !sts.sees(caller(exchange), path[3])) {
            throw new FakeZone.Refusal("NoSuchHostedZone", "No hosted zone found with ID: " + path[3]);
        }
        if (exchange.getRequestMethod().equals("POST")) {
            List<FakeZone.Step> steps = FakeXml.steps(body);
            zone.change(steps);
            batches.add(steps);
            return FakeXml.change("ChangeResourceRecordSetsResponse", "C" + ++changes, pendingLooks == 0);
        }
        return sets(zone, query);
    }

    private String healthCheck(String method, String[] path, Map<String, String> query, byte[] body) throws Exception {
        return switch (method) {
            case "POST" -> {
                FakeXml.NewCheck asked = FakeXml.newCheck(body);
                yield FakeXml.made(healthChecks.create(asked.reference(), asked.config()));
            }
            case "DELETE" -> {
                healthChecks.delete(path[3]);
                yield FakeXml.deleted();
            }
            default -> FakeXml.checks(healthChecks.list(query.getOrDefault("marker", "")));
        };
    }

    /** Pages of at most 100, https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html. */
    private String zones(Map<String, String> query, String key) {
        String marker = query.getOrDefault("marker", "");
        List<FakeZone> rest = zones.values().stream()
                .filter(zone -> zone.zone.id().compareTo(marker) >= 0 && sts.sees(key, zone.zone.id()))
                .toList();
        boolean more = rest.size() > 100;
        return FakeXml.zones(
                rest.stream().limit(100).toList(),
                more,
                more ? rest.get(100).zone.id() : "");
    }

    /** Pages of at most 300, https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListResourceRecordSets.html. */
    private static String sets(FakeZone zone, Map<String, String> query) {
        int most = Math.min(300, Integer.parseInt(query.getOrDefault("maxitems", "300")));
        RecordSet.Key start = new RecordSet.Key(
                DnsName.listed(query.getOrDefault("name", "")),
                query.getOrDefault("type", ""),
                query.getOrDefault("identifier", ""));
        List<RecordSet> page = zone.from(start, most + 1);
        return FakeXml.sets(page.stream().limit(most).toList(), page.size() > most ? page.getLast() : null);
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts.length > 1 ? parts[1] : "", StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        late.countDown();
        server.stop(0);
    }
}

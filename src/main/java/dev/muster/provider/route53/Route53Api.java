package dev.muster.provider.route53;

import dev.muster.provider.aws.AwsCalls;
import dev.muster.provider.aws.AwsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.route53.model.Change;
import software.amazon.awssdk.services.route53.model.ChangeAction;
import software.amazon.awssdk.services.route53.model.ChangeStatus;
import software.amazon.awssdk.services.route53.model.DeleteHealthCheckResponse;
import software.amazon.awssdk.services.route53.model.HealthCheckAlreadyExistsException;
import software.amazon.awssdk.services.route53.model.HostedZone;
import software.amazon.awssdk.services.route53.model.ListHealthChecksResponse;
import software.amazon.awssdk.services.route53.model.ListHostedZonesResponse;
import software.amazon.awssdk.services.route53.model.ListResourceRecordSetsResponse;
import software.amazon.awssdk.services.route53.model.NoSuchHealthCheckException;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * The calls of Route 53 that Muster makes, in our own words.
 *
 * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_Operations_Amazon_Route_53.html">Actions</a>
 */
final class Route53Api implements AutoCloseable {

    /** The most that one page of record sets may have. */
    private static final String PAGE = "300";

    /** As many health checks as one page may have; it may have fewer. */
    private static final String CHECKS = "1000";

    private static final String ID_PREFIX = "/hostedzone/";

    private final Route53Client client;
    private final AwsCalls calls;

    Route53Api(Route53Client client, AwsCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /** All of the account, or no answer. */
    List<Zone> zones() throws AwsException {
        List<Zone> zones = new ArrayList<>();
        String marker = null;
        do {
            String from = marker;
            ListHostedZonesResponse page =
                    calls.read("ListHostedZones", () -> client.listHostedZones(to -> to.marker(from)));
            page.hostedZones().forEach(zone -> zones.add(zone(zone)));
            marker = page.isTruncated() ? page.nextMarker() : null;
        } while (marker != null);
        return zones;
    }

    private static Zone zone(HostedZone zone) {
        String id = zone.id().startsWith(ID_PREFIX) ? zone.id().substring(ID_PREFIX.length()) : zone.id();
        boolean isPrivate =
                zone.config() != null && Boolean.TRUE.equals(zone.config().privateZone());
        return new Zone(id, DnsName.listed(zone.name()), isPrivate);
    }

    /**
     * All of one zone, or no answer.
     *
     * @param worked told of each page
     */
    ZoneView view(Zone zone, Runnable worked) throws AwsException {
        List<RecordSet> sets = new ArrayList<>();
        ListResourceRecordSetsResponse page = null;
        do {
            ListResourceRecordSetsResponse before = page;
            page = calls.read(
                    "ListResourceRecordSets of " + zone.id(),
                    () -> client.listResourceRecordSets(to -> {
                        to.hostedZoneId(zone.id()).maxItems(PAGE);
                        if (before != null) {
                            to.startRecordName(before.nextRecordName())
                                    .startRecordType(before.nextRecordType())
                                    .startRecordIdentifier(before.nextRecordIdentifier());
                        }
                    }));
            page.resourceRecordSets().forEach(set -> sets.add(set(set)));
            worked.run();
        } while (Boolean.TRUE.equals(page.isTruncated()));
        return ZoneView.of(zone, sets);
    }

    /**
     * All of these, or none.
     *
     * @param mayBegin asked before each try
     * @return the change's id
     */
    String change(Zone zone, List<RecordChange> changes, BooleanSupplier mayBegin) throws AwsException {
        List<Change> batch = changes.stream()
                .map(change -> Change.builder()
                        .action(ChangeAction.valueOf(change.action().name()))
                        .resourceRecordSet(set(change.set()))
                        .build())
                .toList();
        return calls.write(
                "ChangeResourceRecordSets of " + zone.id(),
                mayBegin,
                () -> client.changeResourceRecordSets(
                                to -> to.hostedZoneId(zone.id()).changeBatch(all -> all.changes(batch)))
                        .changeInfo()
                        .id());
    }

    /** Whether every name server has the change. */
    boolean isEverywhere(String change) throws AwsException {
        return calls.read("GetChange", () -> client.getChange(to -> to.id(change)))
                        .changeInfo()
                        .status()
                == ChangeStatus.INSYNC;
    }

    /**
     * All of the account, or no answer.
     *
     * @param worked told of each page
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHealthChecks.html">ListHealthChecks</a>
     */
    List<HealthCheck> healthChecks(Runnable worked) throws AwsException {
        List<HealthCheck> checks = new ArrayList<>();
        String marker = null;
        do {
            String from = marker;
            ListHealthChecksResponse page = calls.read(
                    "ListHealthChecks",
                    () -> client.listHealthChecks(to -> to.marker(from).maxItems(CHECKS)));
            page.healthChecks()
                    .forEach(check -> checks.add(new HealthCheck(
                            check.id(), check.callerReference(), HealthCheckConfigs.read(check.healthCheckConfig()))));
            worked.run();
            marker = Boolean.TRUE.equals(page.isTruncated()) ? page.nextMarker() : null;
        } while (marker != null);
        return checks;
    }

    /**
     * A check that asks this: a new one, or the one that is there by that reference.
     *
     * @param reference of 1 to 64 characters
     * @param mayBegin asked before each try
     * @return empty where the reference was one of a check that was deleted, or is one of a check that asks something else
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHealthCheck.html">CreateHealthCheck</a>
     */
    Optional<HealthCheck> makeHealthCheck(String reference, CheckedEndpoint endpoint, BooleanSupplier mayBegin)
            throws AwsException {
        return calls.write("CreateHealthCheck", mayBegin, () -> {
            try {
                String id = client.createHealthCheck(
                                to -> to.callerReference(reference).healthCheckConfig(HealthCheckConfigs.of(endpoint)))
                        .healthCheck()
                        .id();
                return Optional.of(new HealthCheck(id, reference, Optional.of(endpoint)));
            } catch (HealthCheckAlreadyExistsException taken) {
                return Optional.empty();
            }
        });
    }

    /**
     * It is there no more, whether it was before or not. Route 53 does not look whether a record names it.
     *
     * @param mayBegin asked before each try
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHealthCheck.html">DeleteHealthCheck</a>
     */
    void deleteHealthCheck(String id, BooleanSupplier mayBegin) throws AwsException {
        calls.write("DeleteHealthCheck", mayBegin, () -> {
            try {
                return client.deleteHealthCheck(to -> to.healthCheckId(id));
            } catch (NoSuchHealthCheckException gone) {
                return DeleteHealthCheckResponse.builder().build();
            }
        });
    }

    static RecordSet set(ResourceRecordSet set) {
        return new RecordSet(
                DnsName.listed(set.name()),
                set.typeAsString(),
                set.setIdentifier() == null ? "" : set.setIdentifier(),
                set.ttl() == null ? 0 : set.ttl(),
                set.resourceRecords().stream().map(ResourceRecord::value).toList(),
                routing(set));
    }

    private static Routing routing(ResourceRecordSet set) {
        boolean chosenOtherwise = set.regionAsString() != null
                || set.failoverAsString() != null
                || set.geoLocation() != null
                || set.geoProximityLocation() != null
                || set.cidrRoutingConfig() != null
                || set.trafficPolicyInstanceId() != null;
        return new Routing(
                set.weight() == null ? OptionalInt.empty() : OptionalInt.of(Math.toIntExact(set.weight())),
                Boolean.TRUE.equals(set.multiValueAnswer()),
                Optional.ofNullable(set.aliasTarget())
                        .map(to -> new Routing.Alias(
                                DnsName.listed(to.dnsName()),
                                to.hostedZoneId(),
                                Boolean.TRUE.equals(to.evaluateTargetHealth()))),
                set.healthCheckId() == null ? "" : set.healthCheckId(),
                chosenOtherwise ? "routed by more than its name: " + set.setIdentifier() : "");
    }

    static ResourceRecordSet set(RecordSet set) {
        Routing routing = set.routing();
        ResourceRecordSet.Builder to =
                ResourceRecordSet.builder().name(set.name().escaped()).type(set.type());
        if (!set.identifier().isEmpty()) {
            to.setIdentifier(set.identifier());
        }
        routing.weight().ifPresent(weight -> to.weight((long) weight));
        if (routing.multivalue()) {
            to.multiValueAnswer(true);
        }
        if (!routing.healthCheck().isEmpty()) {
            to.healthCheckId(routing.healthCheck());
        }
        if (routing.alias().isPresent()) {
            Routing.Alias alias = routing.alias().get();
            return to.aliasTarget(there -> there.dnsName(alias.name().escaped())
                            .hostedZoneId(alias.zone())
                            .evaluateTargetHealth(alias.evaluatesHealth()))
                    .build();
        }
        return to.ttl(set.ttlSeconds())
                .resourceRecords(set.values().stream()
                        .map(value -> ResourceRecord.builder().value(value).build())
                        .toList())
                .build();
    }

    @Override
    public void close() {
        client.close();
    }
}

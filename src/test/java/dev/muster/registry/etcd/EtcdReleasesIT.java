package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.EtcdConfig;
import dev.muster.model.InstanceId;
import dev.muster.model.Target;
import dev.muster.reconcile.Time;
import dev.muster.registry.Publications.Publication;
import dev.muster.registry.RegistryException;
import dev.muster.registry.Releases;
import dev.muster.registry.ReleasesContract;
import dev.muster.testkit.EtcdProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people say, and what etcd says of registrations. */
class EtcdReleasesIT extends ReleasesContract {

    private static EtcdProcess etcd;
    private static EtcdConnection connection;

    @BeforeAll
    static void start() {
        etcd = EtcdProcess.start();
        connection = new EtcdConnection(new EtcdConfig(List.of(etcd.endpoint()), "/services", Duration.ofSeconds(2)));
    }

    @AfterAll
    static void stop() {
        connection.close();
        etcd.close();
    }

    @AfterEach
    void clean() {
        etcd.ctl("del", "--prefix", "/");
    }

    @Override
    protected Releases releases() {
        return new EtcdReleases(connection);
    }

    @Test
    void aReleaseEndsByItselfAndAMalformedOneIsLeftOut() throws RegistryException {
        releases().put(release("web", new Target("10.0.0.1", 80)));
        etcd.put("/muster/release/db/haproxy", "{\"targets\":[\"nowhere\"]}");
        etcd.put("/muster/release/app/haproxy", "{}");
        assertThat(releases().standing()).hasSize(1);
        String lease = etcd.ctl("get", "--write-out", "fields", "/muster/release/web/haproxy")
                .lines()
                .filter(line -> line.startsWith("\"Lease\""))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
        assertThat(etcd.ctl("lease", "timetolive", Long.toHexString(Long.parseLong(lease))))
                .contains("granted with TTL(600s)");
    }

    @Test
    void aSettingIsWrittenOnlyWhereItIsNews() throws RegistryException {
        EtcdSettingStore settings = new EtcdSettingStore(connection, "/services");
        assertThat(settings.set("web", "dns_ttl", "60")).isEmpty();
        long revision = etcd.revision();
        assertThat(settings.set("web", "dns_ttl", "60")).contains("60");
        assertThat(etcd.revision()).isEqualTo(revision);
        assertThat(settings.set("web", "dns_ttl", "30")).contains("60");
        assertThat(etcd.ctl("get", "--print-value-only", "/services/web/dns_ttl"))
                .isEqualToIgnoringNewLines("30");
        assertThat(settings.unset("web", "dns_ttl")).contains("30");
        assertThat(settings.unset("web", "dns_ttl")).isEmpty();
    }

    @Test
    void aPublicationIsTheKeyThatCarriesTheOwner() throws RegistryException {
        EtcdPublications publications = new EtcdPublications(connection, "/services");
        InstanceId id = new InstanceId("web", "web01");
        assertThat(publications.of(id)).isEmpty();
        etcd.put("/services/web/web01/port", "80");
        assertThat(publications.of(id)).isEmpty();
        etcd.put("/services/web/web01/owner", "node1");
        assertThat(publications.of(id)).contains(new Publication(etcd.revision(), Optional.empty()));
        String lease = etcd.ctl("lease", "grant", "100").split(" ")[1];
        etcd.ctl("put", "--lease=" + lease, "/services/web/web01/owner", "node1");
        assertThat(publications.of(id).orElseThrow().leaseLeft().orElseThrow())
                .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
    }

    @Test
    void theNewestChangeOfServicesIsTheirsAndNobodyElses() throws RegistryException {
        EtcdCatalogFeed feed = new EtcdCatalogFeed(connection, "/services", Duration.ofSeconds(10), Time.system());
        assertThat(feed.newest(Set.of("web"))).isZero();
        etcd.put("/services/web/web01/port", "80");
        long first = etcd.revision();
        etcd.put("/services/web/web02/port", "80");
        etcd.put("/services/web/web01/port", "81");
        long web = etcd.revision();
        etcd.put("/services/web2/web01/port", "80");
        etcd.put("/services/app/app01/port", "80");
        assertThat(feed.newest(Set.of("web"))).isEqualTo(web).isGreaterThan(first);
        assertThat(feed.newest(Set.of("web", "app"))).isEqualTo(etcd.revision());
    }
}

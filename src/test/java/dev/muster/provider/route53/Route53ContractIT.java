package dev.muster.provider.route53;

import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract against what the documentation promises. */
class Route53ContractIT extends Route53Contract {

    private static final String ZONE = "Z0123456789";

    private final FakeRoute53 route53 = new FakeRoute53();

    @BeforeEach
    void zoneAndForeigners() {
        FakeZone zone = route53.zone(ZONE, DOMAIN, false);
        zone.put(RecordSet.simple(new DnsName("mail." + DOMAIN), "A", 300, java.util.List.of("198.51.100.1")));
    }

    @AfterEach
    void stop() {
        route53.close();
    }

    @Override
    protected URI endpoint() {
        return route53.endpoint();
    }

    @Override
    protected String zone() {
        return ZONE;
    }

    @Override
    protected Object writesSoFar() {
        return route53.batches().size();
    }

    @Override
    protected void put(RecordSet set) {
        route53.zone(ZONE, DOMAIN, false).put(set);
    }
}

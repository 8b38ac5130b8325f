package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.provider.route53.FakeRoute53.Fate;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract against moto, of whose calls every fourth meets with a fault: all of it holds as without. */
@Tag("fault-34")
class Route53FaultyMotoContractIT extends Route53MotoContractIT {

    private AwsFaultProxy proxy;

    @BeforeAll
    void startProxy() {
        proxy = new AwsFaultProxy(moto());
    }

    @AfterAll
    void stopProxy() {
        proxy.close();
        assertThat(proxy.met())
                .contains(
                        Fate.UNANSWERED,
                        Fate.THROTTLED,
                        Fate.FAILED_AFTER,
                        Fate.PRIOR_REQUEST_NOT_COMPLETE,
                        Fate.FAILED,
                        Fate.UNAVAILABLE);
    }

    @Override
    protected URI endpoint() {
        return proxy.endpoint();
    }
}

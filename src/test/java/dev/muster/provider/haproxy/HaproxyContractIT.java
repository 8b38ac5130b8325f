package dev.muster.provider.haproxy;

import dev.muster.model.Target;
import dev.muster.provider.Provider;
import dev.muster.provider.ProviderContract;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** What every provider promises, kept by HAProxy. */
class HaproxyContractIT extends ProviderContract {

    private final HaproxyFixture haproxy = fixture();

    HaproxyFixture fixture() {
        return new HaproxyFixture();
    }

    @AfterEach
    void stop() throws Exception {
        haproxy.close();
    }

    @Override
    protected Provider open() {
        return haproxy.open();
    }

    @Override
    protected Object writesSoFar() throws Exception {
        return List.of(
                haproxy.text(),
                Files.getAttribute(haproxy.file, "unix:ino"),
                haproxy.workers().current(),
                haproxy.runtime().look().servers().stream().map(ServerRow::path).toList());
    }

    @Override
    protected void spoilByHand(String service, Target target) throws Exception {
        ServerRow row = haproxy.runtime().look().servers().stream()
                .filter(each -> each.backend().equals(service)
                        && each.name().orElseThrow().target().equals(target))
                .findFirst()
                .orElseThrow();
        haproxy.runtime().run(List.of("set server %s state drain".formatted(row.path())));
    }

    @Override
    protected int freePort() {
        return HaproxyFixture.freePort();
    }
}

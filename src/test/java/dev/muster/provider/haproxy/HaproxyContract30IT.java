package dev.muster.provider.haproxy;

/** The contract with HAProxy 3.0. */
class HaproxyContract30IT extends HaproxyContractIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }
}

package dev.muster.provider.haproxy;

/** Routes with HAProxy 3.0. */
class HaproxyRoutes30IT extends HaproxyRoutesIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }
}

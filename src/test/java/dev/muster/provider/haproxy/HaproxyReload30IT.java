package dev.muster.provider.haproxy;

/** Reloads with HAProxy 3.0. */
class HaproxyReload30IT extends HaproxyReloadIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }
}

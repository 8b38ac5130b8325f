package dev.muster.provider.haproxy;

/** Servers with HAProxy 3.0. */
class HaproxyServers30IT extends HaproxyServersIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }
}

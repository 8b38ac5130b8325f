package dev.muster.provider.haproxy;

/** TLS with HAProxy 3.0. */
class HaproxyTls30IT extends HaproxyTlsIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }
}

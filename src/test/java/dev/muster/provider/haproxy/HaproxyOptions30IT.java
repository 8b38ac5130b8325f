package dev.muster.provider.haproxy;

/** Settings with HAProxy 3.0. */
class HaproxyOptions30IT extends HaproxyOptionsIT {

    @Override
    HaproxyFixture fixture() {
        return ContainerHaproxy.fixture();
    }

    @Override
    boolean knowsAuthorities() {
        return false;
    }
}

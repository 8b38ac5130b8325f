package dev.muster.source.docker;

import dev.muster.testkit.DockerCli;
import dev.muster.testkit.SimulatedHost;
import dev.muster.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** An engine of a simulated host, through a port on this machine. */
abstract class HostEngineContract extends EngineContract {

    private static SimulatedHost host;
    private TcpProxy proxy;

    @BeforeAll
    static void startHost() {
        host = SimulatedHost.start();
    }

    @AfterAll
    static void stopHost() {
        host.close();
    }

    static SimulatedHost host() {
        return host;
    }

    /** Its port on this machine's loopback. */
    abstract int port();

    /** Its client in there. */
    abstract DockerCli.Client command();

    @Override
    final DockerCli client() {
        return new DockerCli(command(), SimulatedHost.IMAGE);
    }

    @Override
    @BeforeEach
    void open() {
        proxy = new TcpProxy(port());
        super.open();
    }

    final URI address() {
        return URI.create("tcp://127.0.0.1:" + proxy.port());
    }

    @Override
    final void refuse(boolean on) {
        if (on) {
            proxy.refuse();
        } else {
            proxy.resume();
        }
    }

    @AfterEach
    void closeProxy() throws IOException {
        proxy.close();
    }
}

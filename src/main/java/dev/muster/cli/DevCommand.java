package dev.muster.cli;

import dev.muster.config.DevConfig;
import dev.muster.config.DevSettings;
import dev.muster.config.HostPort;
import dev.muster.config.Setting;
import dev.muster.config.Settings;
import dev.muster.process.TiedFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code muster dev}. */
final class DevCommand implements Command {

    private static final int ETCD = 2379;
    private static final int HTTP = 8080;
    private static final int AGENT_PAGES = 9464;
    private static final int WATCHER_PAGES = 9465;

    @Override
    public String name() {
        return "dev";
    }

    @Override
    public String summary() {
        return "Run agent, watcher, HAProxy and an etcd of their own, until Ctrl-C";
    }

    @Override
    public List<Setting<?>> settings() {
        return DevSettings.all();
    }

    @Override
    public List<String> examples() {
        return List.of("muster dev", "muster dev --data ~/muster --bind '*:8080'");
    }

    @Override
    public boolean lasting() {
        return true;
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        Settings settings = invocation.settings();
        String etcdBinary = DevSettings.etcd(settings, invocation.environment());
        HostPort client = etcdPlace(settings);
        HostPort bind = bindPlace(settings);
        Optional<Path> data = settings.find(DevSettings.DATA);
        if (data.isPresent()) {
            return run(invocation, etcdBinary, client, bind, Files.createDirectories(data.get()));
        }
        try (TiedFolder temporary = TiedFolder.create("muster-dev")) {
            return run(invocation, etcdBinary, client, bind, temporary.path());
        }
    }

    private static int run(Invocation invocation, String etcdBinary, HostPort client, HostPort bind, Path folder)
            throws Exception {
        try (ServingChild etcd = EtcdChild.start(etcdBinary, client, folder)) {
            DevConfig config = DevSettings.from(
                    invocation.settings(),
                    invocation.environment(),
                    new DevSettings.Places(
                            folder,
                            URI.create("http://" + client),
                            bind,
                            FreePort.near(AGENT_PAGES),
                            FreePort.near(WATCHER_PAGES)));
            Files.createDirectories(config.watcher().haproxy().config().getParent());
            Files.createDirectories(config.watcher().haproxy().snippets());
            etcd.awaitServing(invocation.stop());
            if (invocation.stop().requested()) {
                return ExitCode.DONE;
            }
            say(invocation.terminal().out(), config, folder, bind, client.port() == ETCD);
            return invocation.roles().get().dev(config, invocation.stop());
        }
    }

    private static HostPort etcdPlace(Settings settings) throws IOException {
        Optional<Integer> port = settings.find(DevSettings.ETCD_PORT);
        if (port.isEmpty()) {
            return FreePort.near(ETCD);
        }
        HostPort place = new HostPort("127.0.0.1", port.get());
        if (!FreePort.isFree(place)) {
            throw settings.refuse(DevSettings.ETCD_PORT, "that port is in use");
        }
        return place;
    }

    private static HostPort bindPlace(Settings settings) throws IOException {
        Optional<HostPort> bind = settings.find(DevSettings.BIND);
        if (bind.isEmpty()) {
            return FreePort.near(HTTP);
        }
        if (!FreePort.isFree(bind.get())) {
            throw settings.refuse(DevSettings.BIND, "that port is in use, or that is no address of this machine");
        }
        return bind.get();
    }

    private static void say(PrintStream out, DevConfig config, Path folder, HostPort bind, boolean standardEtcd) {
        String etcd = config.agent().etcd().endpoints().getFirst().toString();
        String flag = standardEtcd ? "" : " --etcd-endpoints " + etcd;
        HostPort reached = bind.host().equals("*") ? new HostPort("127.0.0.1", bind.port()) : bind;
        out.print("""
                Muster is on: etcd at %s, HTTP services at http://%s, files in %s
                metrics and health: http://%s/metrics (agent), http://%s/metrics (watcher)

                Try, in another terminal:
                  docker run -d --rm -p 80 --label muster.service=web nginx
                  muster ls%s
                  curl -H 'Host: web' http://%s/
                  etcdctl --endpoints %s get --prefix /services

                Ctrl-C ends all of it.

                """.formatted(
                        etcd,
                        reached,
                        folder,
                        config.agentHttp().address().orElseThrow(),
                        config.watcherHttp().address().orElseThrow(),
                        flag,
                        reached,
                        etcd));
        out.flush();
    }
}

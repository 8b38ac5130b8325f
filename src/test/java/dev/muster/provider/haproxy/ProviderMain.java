package dev.muster.provider.haproxy;

import dev.muster.model.InstanceState;
import dev.muster.provider.Provider;
import java.nio.file.Files;
import java.nio.file.Path;

/** A provider in a process of its own, {@code tied} or not, that goes on writing two states in turn or just stays. */
final class ProviderMain {

    private ProviderMain() {}

    /** The states that it writes in turn: so many servers that a write takes its time. */
    static Desired state(boolean odd) {
        Desired desired = Desired.nothing().http("web");
        for (int port = 1; port <= (odd ? 1500 : 1000); port++) {
            desired = desired.target("web", "i" + port, port, InstanceState.DOWN, odd ? 100 : 50);
        }
        return desired;
    }

    public static void main(String[] arguments) throws Exception {
        try (HaproxyFixture haproxy =
                new HaproxyFixture(Path.of(arguments[0]), Integer.parseInt(arguments[1]), "haproxy")) {
            boolean tied = arguments[2].equals("tied");
            Provider provider = new HaproxyProvider("haproxy", haproxy.config(true), tied, () -> {});
            Desired.nothing().http("web").applyTo(provider);
            LiveFile file = new LiveFile(haproxy.config(true));
            HaproxyFile text = new HaproxyFile(HaproxySettings.of(haproxy.config(true)));
            String[] texts = {
                text.render(HaproxyModel.of(state(false).services())).text(),
                text.render(HaproxyModel.of(state(true).services())).text()
            };
            Files.createFile(haproxy.folder.resolve("ready"));
            for (int i = 0; true; i++) {
                if (arguments[2].equals("writing")) {
                    file.replace(texts[i % 2]);
                } else {
                    Thread.currentThread().join();
                }
            }
        }
    }
}

package dev.muster.registry.etcd;

import dev.muster.model.Addresses;
import dev.muster.model.CheckSpec;
import dev.muster.model.Instance;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import java.util.List;
import java.util.Map;

/** Sample registrations. */
final class Registrations {

    private Registrations() {}

    static Registration of(InstanceId id, String owner, int port) {
        return new Registration(
                new Instance(
                        id,
                        owner,
                        new Addresses("", "10.0.0.1"),
                        port,
                        Protocol.HTTP,
                        CheckSpec.TCP,
                        List.of(),
                        Instance.DEFAULT_WEIGHT,
                        new Run("c" + port, "2026-01-01T00:00:00Z"),
                        "",
                        "nginx",
                        "",
                        Map.of(),
                        Map.of()),
                owner,
                InstanceState.UP,
                "");
    }
}

package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.LayoutConfig.Kind;
import dev.muster.model.Registration;
import dev.muster.registry.RegistrationStore;
import dev.muster.registry.RegistryException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The store's contract in each layout, and in several at once; {@link EtcdRegistrationStoreIT} has {@code fields}. */
class EtcdLayoutsIT {

    @Nested
    class Json extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.JSON);
        }

        @Test
        void aSettingOfThatNameIsAPersons() throws RegistryException {
            RegistrationStore store = store(OWNER, "m1");
            store.read();
            etcd.put(keys.setting("web", "web01"), "{\"value\": \"mine\"}");
            assertThat(store.put(registration(OWNER, "run1"), Optional.empty()))
                    .isInstanceOf(RegistrationStore.Outcome.Refused.class);
            assertThat(stored()).containsExactly(Map.entry(keys.setting("web", "web01"), "{\"value\": \"mine\"}"));
            etcd.put(
                    keys.setting("web", "web01"), "{\"host\":\"host1\",\"port\":1,\"public_ipv4_addr\":\"192.0.2.1\"}");
            done(store.put(registration(OWNER, "run1"), Optional.empty()));
        }
    }

    @Nested
    class Presence extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.PRESENCE);
        }

        @Test
        void whatAProgramElsewhereKeepsIsLeftAndWhatOneHereLeftBehindIsTaken() throws RegistryException {
            RegistrationStore store = store(OWNER, "m1");
            store.read();
            String place = keys.services() + "web/instances/web01/";
            String lease = etcd.ctl("lease", "grant", "60").split(" ")[1];
            etcd.ctl("put", "--lease=" + lease, place + "host", "elsewhere");
            etcd.ctl("put", "--lease=" + lease, place + "port", "18001");
            Registration wanted = registration(OWNER, "run1");
            done(store.put(wanted, Optional.empty()));
            assertThat(stored())
                    .containsEntry(place + "host", "elsewhere")
                    .doesNotContainKey(place + "private_ip")
                    .containsKey(EtcdKeys.CLAIMS + "/web/web01");
            etcd.ctl("put", "--lease=" + lease, place + "host", "host1");
            bring(store, wanted);
            assertThat(stored()).isEqualTo(written(wanted));
            etcd.ctl("put", "--lease=" + lease, place + "host", "host1");
            long before = revision();
            bring(store, wanted);
            bring(store, wanted);
            assertThat(revision()).as("who goes on writing is not fought").isBetween(before, before + 1);
        }
    }

    @Nested
    class Registrator extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.REGISTRATOR);
        }
    }

    @Nested
    class Skydns extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.SKYDNS);
        }
    }

    @Nested
    class FieldsAndJson extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.FIELDS, Kind.JSON);
        }
    }

    @Nested
    class JsonAndPresence extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.JSON, Kind.PRESENCE);
        }
    }

    @Nested
    class All extends EtcdStoreContract {
        @Override
        protected Set<Kind> layouts() {
            return kinds(Kind.values());
        }
    }
}

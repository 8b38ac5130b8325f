package dev.muster.registry.etcd;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Goodbye;
import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Registration;
import dev.muster.model.Run;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogFoldTest {

    private static final InstanceId WEB01 = new InstanceId("web", "web01");
    private static final InstanceId WEB02 = new InstanceId("web", "web02");
    private static final Registration FIRST = Registrations.of(WEB01, "host1", 18001);
    private static final Registration SECOND = Registrations.of(WEB02, "host2", 18002);
    private static final Goodbye ENDED =
            new Goodbye(WEB01, Goodbye.Reason.ENDED, "host1", FIRST.instance().run());

    private final SampleStore store = new SampleStore();
    private CatalogFold fold = Folds.read(store.keys, 1, List.of());

    private void step(Consumer<SampleStore.Transaction> body) {
        List<KeyChange> changes = store.transaction(body);
        fold = fold.apply(store.revision(), changes);
    }

    private void put(String key, String value) {
        step(transaction -> transaction.put(key, value));
    }

    private Map<InstanceId, Registration> registrations() {
        return fold.catalog().registrations();
    }

    @Test
    void registrationsComeAndGo() {
        step(transaction -> transaction.register(FIRST));
        step(transaction -> transaction.register(SECOND));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST), Map.entry(WEB02, SECOND));
        assertThat(fold.catalog().services()).containsExactly("web");
        assertThat(fold.catalog().changedAt()).containsExactly(Map.entry("web", 3L));
        step(transaction -> transaction.deleteWrittenAt(WEB01, 2));
        assertThat(registrations()).containsExactly(Map.entry(WEB02, SECOND));
        assertThat(fold.catalog().goodbyes()).isEmpty();
        assertThat(fold.catalog().revision()).isEqualTo(4);
        assertThat(fold.catalog().rejected()).isEmpty();
    }

    @Test
    void aRemovalAndItsGoodbyeAreSeenTogether() {
        step(transaction -> transaction.register(FIRST));
        step(transaction -> {
            transaction.deleteWrittenAt(WEB01, 2);
            transaction.put(store.keys.gone(WEB01), GoodbyeJson.encode(ENDED));
        });
        assertThat(registrations()).isEmpty();
        assertThat(fold.catalog().goodbye(WEB01)).contains(ENDED);
        step(transaction -> transaction.register(FIRST));
        assertThat(registrations()).containsOnlyKeys(WEB01);
        assertThat(fold.catalog().goodbye(WEB01)).isEmpty();
    }

    @Test
    void anOwnersWriteIsOneWithAllItsFields() {
        step(transaction -> transaction.register(FIRST));
        Registration down = FIRST.withState(InstanceState.DOWN, "check");
        step(transaction -> transaction.register(down));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, down));
        step(transaction -> transaction.register(FIRST));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
    }

    @Test
    void aFieldThatSomebodyChangedBesideTheOwnerIsIgnoredAndReported() {
        step(transaction -> transaction.register(FIRST));
        put("/services/web/web01/weight", "3");
        put("/services/web/web01/note", "mine");
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        assertThat(fold.catalog().rejected())
                .containsOnlyKeys("/services/web/web01/weight", "/services/web/web01/note")
                .containsValue("changed beside its owner, ignored");
        step(transaction -> transaction.register(FIRST));
        assertThat(fold.catalog().rejected()).isEmpty();
    }

    @Test
    void anEntryThatTurnsBadKeepsItsLastGoodValueWhileItsOwnerLives() {
        step(transaction -> transaction.register(FIRST));
        step(transaction -> transaction.register(SECOND));
        put("/services/web/web01/port", "junk");
        assertThat(registrations()).containsEntry(WEB01, FIRST).containsEntry(WEB02, SECOND);
        assertThat(fold.catalog().rejected().get("/services/web/web01/"))
                .isEqualTo("port '': allowed is 1 to 65535; its last good value stays while its owner lives");
        put("/services/web/web01/owner", "junk");
        assertThat(registrations()).containsEntry(WEB01, FIRST);
        // The lease ends: what it held goes, what the stranger put stays.
        step(transaction -> transaction.deleteWrittenAt(WEB01, 2));
        assertThat(registrations()).containsOnlyKeys(WEB02);
        assertThat(fold.catalog().rejected()).containsKey("/services/web/web01/");
    }

    @Test
    void anOwnersOwnBadWriteKeepsItsLastGoodValueAndAnotherOwnersDoesNot() {
        step(transaction -> transaction.register(FIRST));
        step(transaction -> {
            transaction.register(FIRST);
            transaction.put("/services/web/web01/protocol", "of a newer version");
        });
        assertThat(registrations()).containsEntry(WEB01, FIRST);
        assertThat(fold.catalog().rejected()).containsKey("/services/web/web01/");
        step(transaction -> {
            transaction.register(Registrations.of(WEB01, "host2", 1));
            transaction.put("/services/web/web01/protocol", "of a newer version");
        });
        assertThat(registrations()).isEmpty();
    }

    @Test
    void anEntryOfTheOldScriptsIsThereOnceAddressAndPortAre() {
        put("/services/web/web01/unit", "monweb@01.service");
        put("/services/web/web01/host", "core-1");
        assertThat(registrations()).isEmpty();
        assertThat(fold.catalog().rejected()).containsKey("/services/web/web01/");
        put("/services/web/web01/public_ipv4_addr", "192.0.2.1");
        assertThat(registrations()).isEmpty();
        put("/services/web/web01/port", "18001");
        assertThat(registrations()).containsOnlyKeys(WEB01);
        assertThat(fold.catalog().rejected()).isEmpty();
        Registration read = registrations().values().iterator().next();
        assertThat(read.owner()).isEmpty();
        assertThat(read.instance().run()).isEqualTo(new Run("", ""));
        assertThat(read.instance().unit()).isEqualTo("monweb@01.service");
        CatalogFold before = fold;
        put("/services/web/web01/port", "18001");
        assertThat(fold.meansTheSameAs(before)).isTrue();
        assertThat(fold.catalog().changedAt()).containsEntry("web", store.revision() - 1);
        step(transaction -> transaction.delete("/services/web/web01/port"));
        assertThat(registrations()).isEmpty();
        assertThat(fold.meansTheSameAs(before)).isFalse();
    }

    @Test
    void anEntryOfTheOldScriptsThatTurnsBadHasNoOwnerForWhoseSakeItWouldStay() {
        put("/services/web/web01/private_ipv4_addr", "10.0.0.1");
        put("/services/web/web01/port", "18001");
        assertThat(registrations()).containsOnlyKeys(WEB01);
        put("/services/web/web01/owner", "");
        assertThat(registrations()).isEmpty();
        assertThat(fold.catalog().rejected()).containsKey("/services/web/web01/");
    }

    @Test
    void settingsStandThreeLevelsDeepWhateverTheirNames() {
        put("/services/web/dns_ttl", "60");
        put("/services/db/db_private_ip", "{\"value\": \"10.1.2.3\"}");
        assertThat(fold.catalog().setting("web", "dns_ttl")).contains("60");
        assertThat(fold.catalog().setting("db", "db_private_ip")).contains("{\"value\": \"10.1.2.3\"}");
        assertThat(fold.catalog().services()).containsExactly("db", "web");
        assertThat(registrations()).isEmpty();
        step(transaction -> transaction.delete("/services/web/dns_ttl"));
        assertThat(fold.catalog().setting("web", "dns_ttl")).isEmpty();
        assertThat(fold.catalog().settings()).containsOnlyKeys("db");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /services/web/web02/x/y        | a
            /services/web                  | a
            /services/we b/web02/port      | 1
            /services/web/..%2f/port       | 1
            /services/web/dns_name/port    | 1
            /services/web/gone/web02       | bye
            /services/web/gone/web02       | {"reason":"ended","owner":[]}
            /services/web/s\ufffd          | a
            /services/web/setting          | \ufffd
            /services/web/web02/host       | \ufffd
            """)
    void junkIsSetAsideWithAReasonAndTheRestGoOn(String key, String value) {
        step(transaction -> transaction.register(FIRST));
        put(key, value);
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        assertThat(fold.catalog().settings()).isEmpty();
        assertThat(fold.catalog().goodbyes()).isEmpty();
        assertThat(fold.catalog().rejected()).hasSize(1);
        step(transaction -> transaction.delete(key));
        assertThat(fold.catalog().rejected()).isEmpty();
    }

    @Test
    void othersBusinessIsLetBe() {
        CatalogFold before = fold;
        put("/services/rscloud/OS_PASSWORD", "secret");
        put("/services/web/drain/web01", "{}");
        put("/services/web/routes/host1", "[]");
        assertThat(fold.meansTheSameAs(before)).isTrue();
        assertThat(fold.catalog().toString()).doesNotContain("secret");
    }

    @Test
    void aRereadKeepsWhatWasGoodAndNoticesWhatWentUnseen() {
        step(transaction -> transaction.register(FIRST));
        step(transaction -> transaction.register(Registrations.of(new InstanceId("db", "db1"), "host1", 3306)));
        store.transaction(transaction -> transaction.put("/services/web/web01/port", "junk"));
        store.transaction(transaction -> transaction.deleteWrittenAt(new InstanceId("db", "db1"), 3));
        fold = Folds.reread(fold, store.revision(), store.read(), true);
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        assertThat(fold.catalog().changedAt()).containsExactly(Map.entry("db", 5L), Map.entry("web", 4L));
        assertThat(Folds.read(store.keys, 5, store.read()).catalog().registrations())
                .isEmpty();
    }

    @Test
    void afterADataLossRevisionsProveNothing() {
        step(transaction -> transaction.register(FIRST));
        List<KeyChange> other = List.of(
                new KeyChange("/services/web/web01/owner", "host9", 1),
                new KeyChange("/services/web/web01/unit", "", 2));
        assertThat(Folds.reread(fold, 2, other, true).catalog().registrations()).containsOnlyKeys(WEB01);
        assertThat(Folds.reread(fold, 2, other, false).catalog().registrations())
                .isEmpty();
        assertThat(Folds.reread(fold, 2, other, false).catalog().changedAt()).containsExactly(Map.entry("web", 2L));
    }

    @Test
    void jsonAloneIsAnInstanceAndWhatHasNoPortAndAddressASetting() {
        put("/services/web/web01", JsonLayout.encode(FIRST));
        put("/services/db/db_private_ip", "{\"value\": \"10.1.2.3\"}");
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        assertThat(fold.catalog().settings()).containsOnlyKeys("db");
        CatalogFold before = fold;
        put("/services/web/web01", JsonLayout.encode(FIRST));
        assertThat(fold.meansTheSameAs(before))
                .as("an owner's write is a change")
                .isFalse();
        put("/services/web/web01", "60");
        assertThat(registrations()).isEmpty();
        assertThat(fold.catalog().setting("web", "web01")).contains("60");
        put("/services/web/web01", JsonLayout.encode(FIRST));
        assertThat(registrations()).containsOnlyKeys(WEB01);
        assertThat(fold.catalog().setting("web", "web01")).isEmpty();
        step(transaction -> transaction.delete("/services/web/web01"));
        assertThat(registrations()).isEmpty();
    }

    @Test
    void jsonThatTurnsBadKeepsItsLastGoodValueWhileItsOwnerNamesItself() {
        put("/services/web/web01", JsonLayout.encode(FIRST));
        put("/services/web/web01", JsonLayout.encode(FIRST).replace("18001", "0"));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        assertThat(fold.catalog().rejected().get("/services/web/web01")).startsWith("port '0': allowed is 1 to 65535");
        put(
                "/services/web/web01",
                JsonLayout.encode(FIRST).replace("18001", "0").replace("host1", "host2"));
        assertThat(registrations()).isEmpty();
    }

    @Test
    void presenceAloneIsAnInstanceOnceAddressAndPortAreThere() {
        put("/services/web/instances/2/host", "core-1");
        put("/services/web/instances/2/public_ip", "192.0.2.1");
        assertThat(registrations()).isEmpty();
        assertThat(fold.catalog().rejected()).containsKey("/services/web/instances/2/");
        put("/services/web/instances/2/port", "8080");
        InstanceId two = new InstanceId("web", "2");
        assertThat(registrations()).containsOnlyKeys(two);
        assertThat(fold.catalog().rejected()).isEmpty();
        Registration read = registrations().values().iterator().next();
        assertThat(read.owner()).isEmpty();
        assertThat(read.instance().target()).hasToString("192.0.2.1:8080");
        CatalogFold before = fold;
        put("/services/web/instances/2/port", "8080");
        put("/services/web/instances/2/note", "mine");
        assertThat(fold.meansTheSameAs(before)).isTrue();
        step(transaction -> transaction.delete("/services/web/instances/2/port"));
        assertThat(registrations()).isEmpty();
    }

    @Test
    void presenceWithoutAPortHasTheOneThatIsMeantForItsService() {
        fold = CatalogFold.nothing(store.keys, Map.of("web", 5432));
        put("/services/web/instances/2/public_ip", "192.0.2.1");
        put("/services/db/instances/2/public_ip", "192.0.2.1");
        put("/services/web/web01/public_ipv4_addr", "192.0.2.1");
        InstanceId two = new InstanceId("web", "2");
        assertThat(registrations()).containsOnlyKeys(two);
        assertThat(requireNonNull(registrations().get(two)).instance().port()).isEqualTo(5432);
        assertThat(fold.catalog().rejected())
                .as("other layouts and services always have one")
                .containsOnlyKeys("/services/db/instances/2/", "/services/web/web01/");
        put("/services/web/instances/2/port", "8080");
        assertThat(requireNonNull(registrations().get(two)).instance().port()).isEqualTo(8080);
        step(transaction -> transaction.delete("/services/web/instances/2/port"));
        assertThat(requireNonNull(registrations().get(two)).instance().port()).isEqualTo(5432);
        step(transaction -> transaction.delete("/services/web/instances/2/public_ip"));
        assertThat(registrations()).as("nothing of it is left").isEmpty();
        assertThat(fold.catalog().rejected()).doesNotContainKey("/services/web/instances/2/");
    }

    @Test
    void anInstanceInSeveralLayoutsCountsOnceAndTheOneWithAnOwnerSaysWhatItIs() {
        put("/services/web/instances/web01/private_ip", "10.9.9.9");
        put("/services/web/instances/web01/port", "1");
        put("/services/web/web01/private_ipv4_addr", "10.9.9.8");
        put("/services/web/web01/port", "2");
        assertThat(registrations().values())
                .singleElement()
                .satisfies(each -> assertThat(each.instance().port()).isEqualTo(2));
        put("/services/web/web01", JsonLayout.encode(FIRST));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        Registration down = FIRST.withState(InstanceState.DOWN, "check");
        step(transaction -> transaction.register(down));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, down));
        step(transaction -> transaction.deleteWrittenAt(WEB01, store.revision()));
        assertThat(registrations()).containsExactly(Map.entry(WEB01, FIRST));
        step(transaction -> transaction.delete("/services/web/web01"));
        assertThat(registrations().values())
                .singleElement()
                .satisfies(each -> assertThat(each.instance().port()).isEqualTo(1));
    }
}

package dev.muster.source;

import static dev.muster.source.Rows.RULES;
import static dev.muster.source.SampleContainers.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.AliasPlaces;
import dev.muster.model.InstanceId;
import dev.muster.model.Route;
import dev.muster.model.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aliases, links and routes: what labels ask for beside the instances themselves. */
final class BesideInstancesTest {

    private static final String RANCHER = "io.rancher.loadbalancer.target.";
    private static final String MONDB = "/services/db/db_private_ip={\"value\": \"%{private_ip}\"}";

    private static Registrations.Result of(SampleContainers... containers) {
        return of(RULES, containers);
    }

    private static Registrations.Result of(HostRules rules, SampleContainers... containers) {
        return new Registrations(rules, new AliasPlaces("/services", List.of("/x")))
                .of(List.of(containers).stream().map(SampleContainers::build).toList());
    }

    private static Map<String, String> aliases(Registrations.Result result, String service, String instance) {
        return Objects.requireNonNull(result.candidates().get(new InstanceId(service, instance)))
                .instance()
                .aliases();
    }

    private static SampleContainers db(String name) {
        return named(name).label("muster.service", "db").tcp(3306, 3306);
    }

    @Test
    void mondbsKeyIsWrittenByteForByte() {
        assertThat(aliases(of(db("db").label("muster.alias", MONDB)), "db", "h1-db"))
                .isEqualTo(Map.of("/services/db/db_private_ip", "{\"value\": \"10.1.2.3\"}"));
        assertThat(aliases(of(db("db")), "db", "h1-db")).isEmpty();
    }

    @Test
    void severalAliasesAndThoseOfOnePort() {
        Registrations.Result result = of(named("a")
                .label("muster.alias.one", "/x/one=%{service}")
                .label("muster.alias.two", "/x/two=%%{%{container}:%{port}")
                .label("muster.81.alias", "/x/port=%{port}")
                .label("muster.80.alias.host", "/x/host=%{host}")
                .label("muster.81.service", "other")
                .tcp(80, 8080)
                .tcp(81, 8081));
        assertThat(aliases(result, "shop-80", "h1-a"))
                .as("its container is on two ports: by service, the first has what both ask for")
                .isEqualTo(Map.of("/x/host", "h1"));
        assertThat(aliases(result, "other", "h1-a"))
                .isEqualTo(Map.of("/x/one", "other", "/x/two", "%{a:8081", "/x/port", "8081"));
        assertThat(result.incomplete().get("a")).contains("shop-80/h1-a: the alias /x/one is given to other/h1-a");
        assertThat(result.refused()).isEmpty();
    }

    @Test
    void ofTwoThatAskForOneKeyTheOlderHasIt() {
        SampleContainers older = db("z").startedAt("2026-01-01T00:00:00Z").label("muster.alias", MONDB);
        SampleContainers younger = db("a").startedAt("2026-02-01T00:00:00Z").label("muster.alias", MONDB);
        for (Registrations.Result result : List.of(of(older, younger), of(younger, older))) {
            assertThat(result.candidates()).hasSize(2);
            assertThat(aliases(result, "db", "h1-z")).hasSize(1);
            assertThat(aliases(result, "db", "h1-a")).isEmpty();
            assertThat(result.incomplete()).containsOnlyKeys("a");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/services/db/x",
                "services/db/x=1",
                "/services/../muster/agents/x=1",
                "/services//x=1",
                "/services/db/=1",
                "/services/d b/x=1",
                "/x=1",
                "/services/db/x\n=1",
                "/services/db/x=%{password}",
                "/services/db/x=%{tag}",
                "/services/db/x=%{host",
                "/services/db/x=a\u202eb"
            })
    void anAliasThatCannotBeIsLeftOutAndItsInstanceIsNot(String alias) {
        Registrations.Result result = of(db("db").image("mysql").label("muster.alias", alias));
        assertThat(aliases(result, "db", "h1-db")).isEmpty();
        assertThat(result.incomplete().get("db")).startsWith("db/h1-db: muster.alias '");
        assertThat(result.incomplete().getOrDefault("db", "\n").chars().allMatch(c -> c >= ' ' && c <= '~'))
                .isTrue();
        assertThat(result.refused()).isEmpty();
    }

    @Test
    void aLinkToTheLogIsWholeAndEncodedOrLeftOut() {
        HostRules rules = new HostRules("h1", RULES.addresses(), false, false)
                .withTexts(new HostRules.Texts(
                        Optional.empty(),
                        Optional.of(new Template("https://logs/%{host}?image=%{image}&tag=%{tag}")),
                        Optional.of(new Template("mon@%{instance}.service"))));
        var instance = of(
                        rules,
                        named("a")
                                .label("muster.service", "web")
                                .image("r:5000/a&b:1")
                                .tcp(80, 1))
                .candidates()
                .firstEntry()
                .getValue()
                .instance();
        assertThat(instance.attributes()).containsEntry("log_url", "https://logs/h1?image=r:5000/a%26b:1&tag=1");
        assertThat(instance.unit()).isEqualTo("mon@h1-a.service");
        assertThat(of(rules, named("a").image("shop").tcp(80, 1))
                        .candidates()
                        .firstEntry()
                        .getValue()
                        .instance()
                        .attributes())
                .doesNotContainKey("log_url");
    }

    @Test
    void ranchersLabelGivesRoutesToAnotherService() {
        SampleContainers balancer = named("lb")
                .label("muster.ignore", "true")
                .label(RANCHER + "flask-nanoservice", "flask-nanoservice.Examplez.com=5000")
                .label(RANCHER + "shop", "a.example:81/cart=80, /api=81,:9000=82,=83,a.example:81/cart=84");
        assertThat(of(balancer).routes())
                .isEqualTo(Map.of(
                        "flask-nanoservice",
                        List.of(new Route("flask-nanoservice.examplez.com", "", 0)),
                        "shop",
                        List.of(
                                new Route("", "", 9000),
                                new Route("", "/", 0),
                                new Route("", "/api", 0),
                                new Route("a.example", "/cart", 81))));
        assertThat(of(balancer).candidates()).isEmpty();
        assertThat(of(balancer.state(Container.State.STOPPED)).routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x.example", "x.example=", "x.example=0", "x.example=65536", "x.example:0=80", "x.example:99999=80",
                "x y=80", "a.*.example=80", "x.example/a b=80", "x.example=80=81", "x.example/\n=80", ""
            })
    void aMalformedOneIsRefusedAlone(String rule) {
        Registrations.Result result = of(named("lb").label(RANCHER + "shop", rule + ",good.example=80"));
        assertThat(result.routes()).isEqualTo(Map.of("shop", List.of(new Route("good.example", "", 0))));
        assertThat(result.incomplete().get("lb")).contains(RANCHER + "shop '").contains("allowed");
    }

    @Test
    void aServiceThatIsNoNameGetsNoRoutes() {
        for (String service : List.of("stack/shop", "", "rscloud", "a\nb")) {
            Registrations.Result result = of(named("lb").label(RANCHER + service, "good.example=80"));
            assertThat(result.routes()).isEmpty();
            assertThat(result.incomplete()).containsKey("lb");
        }
    }
}

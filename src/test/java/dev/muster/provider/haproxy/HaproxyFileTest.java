package dev.muster.provider.haproxy;

import static dev.muster.provider.haproxy.Desired.host;
import static dev.muster.provider.haproxy.Desired.path;
import static dev.muster.provider.haproxy.Desired.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import dev.muster.plan.ServiceTargets;
import dev.muster.plan.TargetState;
import dev.muster.provider.haproxy.HaproxyFile.Rendered;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaproxyFileTest {

    private static final Desired WEB =
            Desired.nothing().up("web", "web01", 8001).target("web", "web02", 8002, InstanceState.DRAINING, 50);

    private final HaproxyFile file =
            new HaproxyFile(settings(Path.of("/run/a.sock"), Path.of("/etc/h.state"), "haproxy"));

    private static HaproxySettings settings(Path socket, Path stateFile, String user) {
        return new HaproxySettings(
                List.of("*:8080"), List.of("*:8443"), socket, stateFile, Path.of("/etc/h.pem"), user);
    }

    private static Optional<HaproxyModel> read(String text) {
        return HaproxyFileReader.read(text, name -> Optional.empty());
    }

    private Rendered render(Desired desired) {
        return file.render(HaproxyModel.of(desired.services()));
    }

    private static List<String> ways(Rendered rendered, String frontend) {
        return rendered.text()
                .lines()
                .dropWhile(line -> !line.startsWith("frontend " + frontend + " "))
                .skip(1)
                .takeWhile(line -> !line.isEmpty())
                .filter(line -> line.contains("_backend ") && !line.contains("stopping"))
                .map(String::strip)
                .toList();
    }

    @Test
    void a_service_is_found_by_its_name_and_anything_else_is_told_so() {
        assertThat(ways(render(WEB), "muster-http"))
                .containsExactly(
                        "use_backend web if { var(txn.muster_host) -m str web }", "default_backend _no-service");
    }

    @Test
    void a_name_with_capitals_is_found_in_any_case() {
        assertThat(ways(render(Desired.nothing().http("Web")), "muster-http"))
                .first()
                .isEqualTo("use_backend Web if { var(txn.muster_host) -m str web }");
    }

    @Test
    void routes_take_the_place_of_the_name_and_the_longest_path_comes_first() {
        Desired desired = Desired.nothing()
                .http("a", path("/"))
                .http("b", path("/api"), host("www.example.com"))
                .http("c", path("/api/v2/"), new Route("www.example.com", "/shop", 0));
        assertThat(ways(render(desired), "muster-http"))
                .containsExactly(
                        "use_backend c if { var(txn.muster_host) -m str www.example.com } { var(txn.muster_path) -m beg /shop/ }",
                        "use_backend b if { var(txn.muster_host) -m str www.example.com }",
                        "use_backend c if { var(txn.muster_path) -m beg /api/v2/ }",
                        "use_backend b if { var(txn.muster_path) -m beg /api/ }",
                        "use_backend a",
                        "default_backend _no-service");
    }

    @Test
    void a_host_goes_before_those_below_a_name_and_the_longest_name_and_path_come_first() {
        Desired desired = Desired.nothing()
                .http("all", host("*.example.com"), new Route("*.example.com", "/api", 0))
                .http("shop", host("*.shop.example.com"))
                .http("one", host("www.shop.example.com"))
                .http("any", path("/longest/of/all"));
        assertThat(ways(render(desired), "muster-http"))
                .containsExactly(
                        "use_backend one if { var(txn.muster_host) -m str www.shop.example.com }",
                        "use_backend shop if { var(txn.muster_host) -m end .shop.example.com }",
                        "use_backend all if { var(txn.muster_host) -m end .example.com } { var(txn.muster_path) -m beg /api/ }",
                        "use_backend all if { var(txn.muster_host) -m end .example.com }",
                        "use_backend any if { var(txn.muster_path) -m beg /longest/of/all/ }",
                        "default_backend _no-service");
    }

    @Test
    void a_route_goes_before_a_name() {
        assertThat(ways(render(Desired.nothing().http("a").http("b", host("a"))), "muster-http"))
                .first()
                .isEqualTo("use_backend b if { var(txn.muster_host) -m str a }");
    }

    @Test
    void of_two_that_claim_one_way_the_first_by_name_has_it() {
        Rendered rendered =
                render(Desired.nothing().http("b", host("x.example")).http("a", host("x.example")));
        assertThat(ways(rendered, "muster-http")).first().asString().startsWith("use_backend a ");
        assertThat(rendered.lost()).containsExactly("b: host 'x.example', path '', port 0 belongs to a");
        assertThat(render(Desired.nothing().http("b", host("x.example"))).lost())
                .isEmpty();
    }

    @Test
    void a_route_with_a_port_has_a_frontend_of_its_own_and_the_main_port_is_the_main_frontend() {
        Rendered rendered = render(Desired.nothing()
                .http("admin", port(9000))
                .http("web", new Route("www.example.com", "", 8080))
                .tcp("db", port(5432)));
        assertThat(ways(rendered, "muster-http-9000"))
                .containsExactly("use_backend admin", "default_backend _no-service");
        assertThat(ways(rendered, "muster-http")).first().asString().startsWith("use_backend web ");
        assertThat(ways(rendered, "muster-tcp-5432")).containsExactly("default_backend db");
        assertThat(rendered.text()).contains("bind *:8080\n", "bind *:9000\n", "bind *:5432\n");
        assertThat(rendered.lost()).isEmpty();
    }

    @Test
    void tcp_without_a_port_has_a_backend_and_no_bind_and_a_port_is_one_services_only() {
        Rendered rendered = render(Desired.nothing()
                .tcp("a")
                .tcp("b", port(5432))
                .tcp("c", port(5432))
                .http("d", port(5432))
                .tcp("e", port(8080)));
        assertThat(rendered.text()).contains("backend a from muster-tcp");
        assertThat(ways(rendered, "muster-tcp-5432")).containsExactly("default_backend b");
        assertThat(rendered.lost())
                .containsExactly(
                        "c: port 5432 belongs to b",
                        "d: port 5432 belongs to b",
                        "e: a tcp service needs a route with a port of its own");
    }

    @Test
    void udp_is_left_out() {
        assertThat(render(Desired.nothing().udp("dns")).text())
                .isEqualTo(render(Desired.nothing()).text());
    }

    @Test
    void a_server_that_drains_has_weight_0_and_its_own_weight_is_not_forgotten() {
        assertThat(render(WEB).text())
                .contains("    server web01:127.0.0.1:8001 127.0.0.1:8001 weight 100 # up\n")
                .contains("    server web02:127.0.0.1:8002 127.0.0.1:8002 weight 0 # draining 50\n");
    }

    @Test
    void only_structure_changes_the_structure() {
        String structure = render(WEB).structure();
        assertThat(render(WEB.up("web", "web03", 8003)).structure()).isEqualTo(structure);
        assertThat(render(WEB.withoutPorts("web", 8001, 8002)).structure()).isEqualTo(structure);
        assertThat(render(WEB.http("app")).structure()).isNotEqualTo(structure);
        assertThat(render(WEB.http("web", path("/x"))).structure()).isNotEqualTo(structure);
        assertThat(render(WEB).text()).contains("description " + structure + "\n");
    }

    @Test
    void what_is_rendered_is_read_back() {
        Desired desired = WEB.http("web", new Route("www.example.com", "/a%20b", 0), port(9000))
                .tcp("db", port(5432))
                .target("db", "db-1.a_b", 5433, InstanceState.DOWN, 256)
                .http("empty");
        HaproxyModel model = HaproxyModel.of(desired.services()).refusing(new TreeSet<>(List.of(9000)));
        String text = file.render(model).text();
        assertThat(read(text)).contains(model);
        assertThat(file.render(read(text).orElseThrow()).text()).isEqualTo(text);
        assertThat(text).doesNotContain("bind *:9000");
    }

    @Test
    void a_file_that_is_not_ours_is_not_read_and_a_spoiled_line_counts_as_not_there() {
        assertThat(read("global\n")).isEmpty();
        String text = render(WEB).text().replace("weight 100 # up", "weight 100 # odd");
        assertThat(file.servers(read(text).orElseThrow()))
                .extracting(server -> server.name().instance())
                .containsExactly("web02");
    }

    @Test
    void an_ipv6_address_is_in_brackets_and_its_servers_name_is_not() {
        SortedMap<Target, TargetState> targets = new TreeMap<>(Map.of(
                new Target("fd00::1", 80), new TargetState(new InstanceId("web", "web01"), InstanceState.UP, 100)));
        HaproxyModel model = new HaproxyModel(
                new TreeMap<>(Map.of("web", new ServiceTargets("web", Protocol.HTTP, List.of(), targets))),
                new TreeSet<>());
        String text = file.render(model).text();
        assertThat(text).contains("    server web01:fd00::1:80 [fd00::1]:80 weight 100 # up\n");
        assertThat(read(text)).contains(model);
        assertThat(HaproxyFileReader.withoutServers(text)).doesNotContain("fd00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1 disabled", "10.0.0.1\n", "[::1]", "::1%eth0", "localhost", ""})
    void an_address_that_is_none_gets_nowhere(String address) {
        SortedMap<Target, TargetState> targets = new TreeMap<>(Map.of(
                new Target(address, 80), new TargetState(new InstanceId("web", "web01"), InstanceState.UP, 100)));
        HaproxyModel model = new HaproxyModel(
                new TreeMap<>(Map.of("web", new ServiceTargets("web", Protocol.HTTP, List.of(), targets))),
                new TreeSet<>());
        assertThatThrownBy(() -> file.render(model)).hasMessageContaining("IPv4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web\nserver x", "web {", "web\"", "../web", "web;del"})
    void a_service_that_is_no_name_gets_nowhere(String service) {
        HaproxyModel model = new HaproxyModel(
                new TreeMap<>(Map.of(service, new ServiceTargets(service, Protocol.HTTP, List.of(), new TreeMap<>()))),
                new TreeSet<>());
        assertThatThrownBy(() -> file.render(model)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_path_with_a_space_is_quoted() {
        HaproxyFile odd = new HaproxyFile(settings(Path.of("/run/a b.sock"), Path.of("/etc/#h.state"), ""));
        assertThat(odd.render(HaproxyModel.EMPTY).text())
                .contains("stats socket /run/a\\ b.sock mode", "server-state-file /etc/\\#h.state\n")
                .doesNotContain("    user ");
    }
}

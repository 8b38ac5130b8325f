package dev.muster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Protocol;
import dev.muster.model.Route;
import dev.muster.model.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiffTest {

    /**
     * A service is {@code web[:tcp][/path]}, its targets follow in brackets as in {@link Scene}:
     * {@code web/a,/b(a b~) db:tcp()}.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        # what must hold                        | actual             | desired             | changes
        nothing from nothing                    | ''                 | ''                  | ''
        nothing where nothing differs           | web(a b~)          | web(a b~)           | ''
        the order of routes says nothing        | web/a,/b(a)        | web/b,/a(a)         | ''
        a new service has its shape first       | ''                 | web(a b)            | shape:web add:web:a add:web:b
        a new service may be empty              | ''                 | web()               | shape:web
        another protocol is another shape       | web(a)             | web:tcp(a)          | shape:web
        other routes are another shape          | web/a(a)           | web/a,/b(a)         | shape:web
        a newcomer                              | web(a)             | web(a b)            | add:web:b
        a drain                                 | web(a b)           | web(a b~)           | update:web:b:up>draining
        another instance at the same endpoint   | web(a)             | web(b@a)            | update:web:a:up>up
        a departure                             | web(a b)           | web(a)              | remove:web:b
        added before updated before removed     | web(a b c)         | web(b~ c d)         | add:web:d update:web:b:up>draining remove:web:a
        so it is over all services              | app(a) web(b)      | app() web(b c)      | add:web:c remove:app:a
        a service that is gone drops at last    | app(a) web(b)      | web(c)              | add:web:c remove:web:b remove:app:a drop:app
        an empty service that is gone drops     | app()              | ''                  | drop:app
        """)
    void orders(String name, String actual, String desired, String changes) {
        Plan plan = Diff.between(services(desired), services(actual));
        assertThat(plan.changes()).extracting(DiffTest::show).containsExactlyElementsOf(Scene.words(changes));
        assertThat(plan.desired()).isEqualTo(services(desired));
    }

    @Test
    void a_new_weight_is_an_update() {
        SortedMap<String, ServiceTargets> heavy = services("web(a)");
        SortedMap<String, ServiceTargets> light = new TreeMap<>();
        Target target = Scene.target("a");
        light.put(
                "web",
                new ServiceTargets(
                        "web",
                        Protocol.HTTP,
                        List.of(),
                        new TreeMap<>(Collections.singletonMap(
                                target, new TargetState(new InstanceId("web", "a"), InstanceState.UP, 1)))));
        assertThat(Diff.between(light, heavy).changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Update.class,
                        update -> assertThat(update.to().weight()).isEqualTo(1));
    }

    private static SortedMap<String, ServiceTargets> services(String text) {
        SortedMap<String, ServiceTargets> services = new TreeMap<>();
        for (String one :
                text.isBlank() ? List.<String>of() : List.of(text.strip().split("(?<=\\)) +"))) {
            String shape = one.substring(0, one.indexOf('('));
            String head = shape.contains("/") ? shape.substring(0, shape.indexOf('/')) : shape;
            List<Route> routes = new ArrayList<>();
            if (shape.contains("/")) {
                for (String path : shape.substring(head.length()).split(",")) {
                    routes.add(new Route("", path, 0));
                }
            }
            String name = head.replace(":tcp", "");
            SortedMap<Target, TargetState> targets = new TreeMap<>();
            Scene.serving(one.substring(one.indexOf('(') + 1, one.length() - 1))
                    .forEach((target, serving) -> targets.put(target, serving.as()));
            services.put(
                    name,
                    new ServiceTargets(name, head.endsWith(":tcp") ? Protocol.TCP : Protocol.HTTP, routes, targets));
        }
        return services;
    }

    private static String show(Change change) {
        return switch (change) {
            case Change.Shape shape -> "shape:" + shape.service();
            case Change.Describe describe -> "describe:" + describe.service();
            case Change.Drop drop -> "drop:" + drop.service();
            case Change.Add add -> "add:" + add.service() + ":" + Scene.letter(add.target());
            case Change.Update update ->
                "update:" + update.service() + ":" + Scene.letter(update.target()) + ":"
                        + List.of(update.from(), update.to()).stream()
                                .map(state -> state.state().text())
                                .collect(Collectors.joining(">"));
            case Change.Remove remove -> "remove:" + remove.service() + ":" + Scene.letter(remove.target());
        };
    }
}

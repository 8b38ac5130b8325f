package dev.muster.registry.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.model.Catalog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What keys mean, as docs/keys.md says it. In each row the keys stand side by side in one tree, each written at the revision
 * behind its {@code @} (1 where there is none); read as a whole or folded key by key, in either order, they mean the same.
 */
class CatalogReadingTest {

    private final EtcdKeys keys = new EtcdKeys("/services");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            an owner's fields are those of its write       | web/a/owner=h web/a/port=1 web/a/private_ipv4_addr=10.0.0.1                      | web/a=10.0.0.1:1:h |               |
            an odd field beside it is ignored and reported | web/a/owner=h web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 web/a/weight@2=7     | web/a=10.0.0.1:1:h |               | web/a/weight
            also one that no layout knows                  | web/a/owner=h web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 web/a/colour@2=red   | web/a=10.0.0.1:1:h |               | web/a/colour
            an owner alone says nothing                    | web/a/owner@2=h web/a/port=1 web/a/private_ipv4_addr=10.0.0.1                    |                    |               | web/a/ web/a/port web/a/private_ipv4_addr
            without an owner, address and port do          | web/a/port=1 web/a/private_ipv4_addr@2=10.0.0.1                                  | web/a=10.0.0.1:1:  |               |
            without an address it is half an entry         | web/a/port=1 web/a/host=h                                                        |                    |               | web/a/
            without a port too                             | web/a/private_ipv4_addr=10.0.0.1                                                 |                    |               | web/a/
            an empty port is none                          | web/a/port= web/a/private_ipv4_addr=10.0.0.1                                     |                    |               | web/a/
            a port is a number                             | web/a/port=80x web/a/private_ipv4_addr=10.0.0.1                                  |                    |               | web/a/
            an address is a literal                        | web/a/port=1 web/a/private_ipv4_addr=lb.example                                  |                    |               | web/a/
            an IPv6 address will do                        | web/a/port=1 web/a/private_ipv6_addr=fd00::1                                     | web/a=[fd00::1]:1: |               |
            an owner without a name is none                | web/a/owner= web/a/port=1 web/a/private_ipv4_addr=10.0.0.1                       |                    |               | web/a/
            JSON with address and port is an instance      | web/a={"port":1,"private_ipv4_addr":"10.0.0.1","owner":"h"}                      | web/a=10.0.0.1:1:h |               |
            whatever else it says                          | web/a={"port":1,"private_ipv4_addr":"10.0.0.1","new":{"x":[1]}}                  | web/a=10.0.0.1:1:  |               |
            a port as text will do                         | web/a={"port":"1","public_ipv4_addr":"10.0.0.1"}                                 | web/a=10.0.0.1:1:  |               |
            JSON without a port is a setting               | web/a={"private_ipv4_addr":"10.0.0.1"}                                           |                    | web:a         |
            JSON without an address too                    | web/a={"port":1,"private_ipv4_addr":""}                                          |                    | web:a         |
            and what is no object                          | web/a=["port","private_ipv4_addr"] web/b={"port":1 web/c=60                      |                    | web:a,b,c     |
            JSON that is bad is set aside                  | web/a={"port":0,"private_ipv4_addr":"10.0.0.1"}                                  |                    |               | web/a
            a setting's name is no instance's              | web/master={"port":1,"private_ipv4_addr":"10.0.0.1"}                             |                    | web:master    |
            an alias's name neither                        | web/a={"port":1,"private_ipv4_addr":"10.0.0.1","alias":{"/services/web/b":"x"}} web/b={"port":1,"private_ipv4_addr":"10.0.0.1"} | web/a=10.0.0.1:1: | |
            unless the alias is elsewhere                  | web/a={"port":1,"private_ipv4_addr":"10.0.0.1","alias":{"/services/db/b":"x"}} web/b={"port":2,"private_ipv4_addr":"10.0.0.1"}  | web/a=10.0.0.1:1: web/b=10.0.0.1:2: | |
            presence is an instance                        | web/instances/1/port=1 web/instances/1/public_ip@2=10.0.0.1 web/instances/1/host=h | web/1=10.0.0.1:1: |              |
            half of it is not                              | web/instances/1/port=1 web/instances/1/host=h                                    |                    |               | web/instances/1/
            what else stands there says nothing            | web/instances/1/port=1 web/instances/1/private_ip=10.0.0.1 web/instances/1/note=x | web/1=10.0.0.1:1: |               |
            deeper than that it is junk                    | web/instances/1/x/port=1                                                         |                    |               | web/instances/1/x/port
            in two layouts it counts once                  | web/a={"port":2,"private_ipv4_addr":"10.0.0.1"} web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 | web/a=10.0.0.1:1: |       |
            the one that names its owner counts            | web/a={"port":2,"private_ipv4_addr":"10.0.0.1","owner":"h"} web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 | web/a=10.0.0.1:2:h | |
            in three layouts too                           | web/instances/a/port=3 web/instances/a/public_ip=10.0.0.1 web/a={"port":2,"private_ipv4_addr":"10.0.0.1"} web/a/owner=h web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 | web/a=10.0.0.1:1:h | |
            a bad one does not hide a good one             | web/a={"port":2,"private_ipv4_addr":"10.0.0.1"} web/a/port=0 web/a/private_ipv4_addr=10.0.0.1 | web/a=10.0.0.1:2: |       | web/a/
            instances, settings and junk in one tree       | web/a/port=1 web/a/private_ipv4_addr=10.0.0.1 web/dns_ttl=60 web/b/c/d/e=x web/b/port=x | web/a=10.0.0.1:1: | web:dns_ttl | web/b/ web/b/c/d/e
            one service's junk is not another's            | we%b/a/port=1 web/a/port=1 web/a/private_ipv4_addr=10.0.0.1                      | web/a=10.0.0.1:1:  |               | we%b/a/port
            wishes, routes and clouds are others' matter   | web/drain/a={} web/routes/h=[] rscloud/OS_PASSWORD=x rscloud/a/port=1            |                    |               |
            a setting's name has no fields                 | web/dns_name/port=1 web/gone/a/b=x                                               |                    |               | web/dns_name/port web/gone/a/b
            a goodbye that is none is set aside            | web/gone/a=bye                                                                   |                    |               | web/gone/a
            """)
    void keysMean(String what, String given, String instances, String settings, String setAside) {
        List<KeyChange> read = given.lines()
                .flatMap(line -> List.of(line.split(" ", -1)).stream())
                .map(CatalogReadingTest::key)
                .collect(Collectors.toCollection(ArrayList::new));
        List<KeyChange> backwards = new ArrayList<>(read);
        Collections.reverse(backwards);
        for (List<KeyChange> order : List.of(read, backwards)) {
            CatalogFold step = CatalogFold.nothing(keys);
            CatalogFold.Reading pages = CatalogFold.nothing(keys).reading(2, true);
            for (KeyChange each : order) {
                step = step.apply(2, List.of(each));
                pages.accept(List.of(each));
            }
            CatalogFold whole = Folds.read(keys, 2, order);
            for (CatalogFold fold : List.of(whole, step, pages.end())) {
                Catalog catalog = fold.catalog();
                assertThat(instances(catalog)).isEqualTo(text(instances));
                assertThat(settings(catalog)).isEqualTo(text(settings));
                assertThat(String.join(" ", catalog.rejected().keySet()).replace("/services/", ""))
                        .isEqualTo(text(setAside));
            }
        }
    }

    private static KeyChange key(String text) {
        String[] parts = text.split("=", 2);
        String[] place = parts[0].split("@", 2);
        return new KeyChange("/services/" + place[0], parts[1], place.length == 2 ? Long.parseLong(place[1]) : 1);
    }

    private static String instances(Catalog catalog) {
        return catalog.registrations().values().stream()
                .map(each -> each.id() + "=" + each.instance().target() + ":" + each.owner())
                .collect(Collectors.joining(" "));
    }

    private static String settings(Catalog catalog) {
        return new TreeMap<>(catalog.settings())
                .entrySet().stream()
                        .map(each -> each.getKey() + ":"
                                + String.join(",", each.getValue().keySet()))
                        .collect(Collectors.joining(" "));
    }

    private static String text(String cell) {
        return cell == null ? "" : cell;
    }
}

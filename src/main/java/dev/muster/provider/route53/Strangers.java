package dev.muster.provider.route53;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says whose a record is that is not this group's, as far as a text beside it tells. */
final class Strangers {

    /** external-dns's text, whatever it holds beside the owner. */
    private static final Pattern EXTERNAL_DNS = Pattern.compile("heritage=external-dns(?:,.*)?");

    private static final Pattern OWNER = Pattern.compile("(?:^|,)external-dns/owner=([^,]*)");
    private static final Pattern RESOURCE = Pattern.compile("(?:^|,)external-dns/resource=([^,]*)");

    private Strangers() {}

    /** In words that follow "it is". */
    static String owner(ZoneView view, DnsName name, String type) {
        return owner(view, Stream.of(Ownership.place(name, type), name, typed(name, type)));
    }

    /** The same of one set. */
    static String owner(ZoneView view, RecordSet set) {
        return owner(view, Stream.concat(Stream.of(Ownership.place(set.name(), set.type())), places(set)));
    }

    private static String owner(ZoneView view, Stream<DnsName> places) {
        return places.flatMap(place -> view.all(place, "TXT").stream())
                .flatMap(set -> Stream.concat(
                        Ownership.read(set.values()).map(Strangers::muster).stream(),
                        set.values().stream().flatMap(value -> externalDns(value).stream())))
                .findFirst()
                .orElse("not Muster's, and nothing beside it says whose it is");
    }

    /** The texts by which external-dns says that these are its own, where it may have put them. */
    static List<RecordSet> texts(ZoneView view, DnsName name, List<RecordSet> standing) {
        return Stream.concat(Stream.of(name), standing.stream().flatMap(Strangers::places))
                .distinct()
                .flatMap(place -> view.all(place, "TXT").stream())
                .filter(set -> set.values().stream().anyMatch(Strangers::isExternalDns))
                .toList();
    }

    /**
     * Where external-dns has its text of a set. Of an alias it says {@code cname}, whatever its type.
     *
     * @see <a href="https://github.com/kubernetes-sigs/external-dns/blob/master/registry/txt/registry.go">its TXT registry</a>
     */
    private static Stream<DnsName> places(RecordSet set) {
        Stream<String> types =
                set.routing().alias().isPresent() ? Stream.of(set.type(), "CNAME") : Stream.of(set.type());
        return Stream.concat(Stream.of(set.name()), types.map(type -> typed(set.name(), type)));
    }

    static boolean isExternalDns(String value) {
        return externalDns(value).isPresent();
    }

    private static String muster(Ownership other) {
        return "the Muster group %s's, for the service %s".formatted(other.group(), other.service());
    }

    private static Optional<String> externalDns(String value) {
        String text = String.join("", Ownership.texts(value));
        if (!EXTERNAL_DNS.matcher(text).matches()) {
            return Optional.empty();
        }
        String owner = found(OWNER, text).map(one -> "owner " + one).orElse("no owner named");
        return Optional.of("external-dns's (%s%s)"
                .formatted(
                        owner, found(RESOURCE, text).map(one -> ", for " + one).orElse("")));
    }

    private static Optional<String> found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Where newer versions of external-dns put it: {@code a-web.example.com}; an asterisk stays the first label. */
    private static DnsName typed(DnsName name, String type) {
        String prefix = type.toLowerCase(Locale.ROOT) + "-";
        return name.text().startsWith("*.")
                ? new DnsName("*." + prefix + name.text().substring(2))
                : new DnsName(prefix + name.text());
    }
}

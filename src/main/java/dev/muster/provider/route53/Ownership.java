package dev.muster.provider.route53;

import dev.muster.model.InstanceId;
import dev.muster.model.InstanceState;
import dev.muster.model.Target;
import dev.muster.plan.TargetState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the text beside a record says of it: whose it is, who wrote it, and for which instances. Written in one batch with
 * the record, so that both are there or none.
 *
 * @param group the watchers whose it is
 * @param epoch of the leader that wrote it last
 * @param nonce new at each write: a batch that was planned before it names another one, and fails
 * @param service whose record it is
 * @param kind of the record's sets
 * @param outlives whether the record stays when nothing asks for it any more, since only labels have asked for it
 * @param targets in any state, as far as they have room
 */
record Ownership(
        String group,
        long epoch,
        String nonce,
        String service,
        Kind kind,
        boolean outlives,
        SortedMap<Target, TargetState> targets) {

    /** How long it may be remembered; resolvers never ask for it. */
    static final long TTL_SECONDS = 300;

    /**
     * Characters of one text value, its quotes counted.
     *
     * @see <a href="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html#TXTFormat">TXT</a>
     */
    private static final int LONGEST = 4000;

    private static final int DEFAULT_WEIGHT = 100;
    private static final Pattern HEAD = Pattern.compile(
            "muster=([A-Za-z0-9._-]+) epoch=([0-9]{1,18}) nonce=([A-Za-z0-9]+) service=([A-Za-z0-9._-]+)"
                    + "(?: kind=(multivalue|weighted|alias))?( outlives)?");
    private static final Pattern LINE =
            Pattern.compile("([A-Za-z0-9._-]+)=(\\S+?)(?: (down|draining))?(?: w([0-9]{1,3}))?");
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    Ownership {
        targets = Collections.unmodifiableSortedMap(new TreeMap<>(targets));
    }

    /** The same by a later leader, or in its next write. */
    Ownership written(long by, String newNonce) {
        return new Ownership(group, by, newNonce, service, kind, outlives, targets);
    }

    /** The same of a service of which nothing is registered any more. */
    Ownership withoutTargets() {
        return new Ownership(group, epoch, nonce, service, kind, outlives, new TreeMap<>());
    }

    /** Where it stands: a name that no host has, whatever the record's name is. */
    static DnsName place(DnsName name, String type) {
        return name.under("_muster-" + type.toLowerCase(Locale.ROOT));
    }

    /** What these values say; empty where they say something else. */
    static Optional<Ownership> read(List<String> values) {
        if (values.size() != 1) {
            return Optional.empty();
        }
        List<String> texts = texts(values.getFirst());
        Matcher head = HEAD.matcher(texts.isEmpty() ? "" : texts.getFirst());
        if (!head.matches()) {
            return Optional.empty();
        }
        try {
            String service = head.group(4);
            SortedMap<Target, TargetState> targets = new TreeMap<>();
            for (String text : texts.subList(1, texts.size())) {
                Matcher line = LINE.matcher(text);
                if (!line.matches()) {
                    return Optional.empty();
                }
                String weight = line.group(4);
                targets.put(
                        Target.parse(line.group(2)),
                        new TargetState(
                                new InstanceId(service, line.group(1)),
                                state(line.group(3)),
                                weight == null ? DEFAULT_WEIGHT : Integer.parseInt(weight)));
            }
            String kind = head.group(5);
            return Optional.of(new Ownership(
                    head.group(1),
                    Long.parseLong(head.group(2)),
                    head.group(3),
                    service,
                    kind == null ? Kind.SIMPLE : Kind.parse(kind),
                    head.group(6) != null,
                    targets));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The one value that says it. A fleet that is too large for it is listed as far as it goes. */
    String value() {
        StringBuilder value = new StringBuilder();
        value.append('"')
                .append("muster=%s epoch=%d nonce=%s service=%s".formatted(group, epoch, nonce, service))
                .append(kind == Kind.SIMPLE ? "" : " kind=" + kind.text())
                .append(outlives ? " outlives" : "")
                .append('"');
        targets.forEach((target, as) -> {
            String line = " \"%s=%s%s%s\""
                    .formatted(
                            as.instance().instance(),
                            target,
                            as.state() == InstanceState.UP
                                    ? ""
                                    : " " + as.state().text(),
                            as.weight() == DEFAULT_WEIGHT ? "" : " w" + as.weight());
            if (value.length() + line.length() <= LONGEST) {
                value.append(line);
            }
        });
        return value.toString();
    }

    RecordSet record(DnsName name, String type) {
        return RecordSet.simple(place(name, type), "TXT", TTL_SECONDS, List.of(value()));
    }

    /** Whether both say the same of the record, whoever wrote them and when. */
    boolean saysTheSame(Ownership other) {
        Ownership alike =
                new Ownership(other.group, epoch, nonce, other.service, other.kind, other.outlives, other.targets);
        return value().equals(alike.value());
    }

    /** The strings of a text value. */
    static List<String> texts(String value) {
        List<String> texts = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(value);
        while (quoted.find()) {
            texts.add(quoted.group(1).replace("\\\"", "\""));
        }
        return texts;
    }

    private static InstanceState state(@Nullable String word) {
        return word == null ? InstanceState.UP : InstanceState.parse("state", word);
    }
}

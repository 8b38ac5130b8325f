package dev.muster.provider.route53;

import java.util.ArrayList;
import java.util.List;

/**
 * A record that is this group's.
 *
 * @param text the set that says so
 */
record Owned(DnsName name, String type, Ownership said, RecordSet text) {

    /** All of one zone. */
    static List<Owned> of(ZoneView view, String group) {
        List<Owned> all = new ArrayList<>();
        for (RecordSet set : view.sets().values()) {
            for (String type : Claims.TYPES) {
                String place = Ownership.place(new DnsName(""), type).text();
                if (set.type().equals("TXT")
                        && set.isSimple()
                        && set.name().text().startsWith(place)) {
                    DnsName name = new DnsName(set.name().text().substring(place.length()));
                    Ownership.read(set.values())
                            .filter(said -> said.group().equals(group))
                            .ifPresent(said -> all.add(new Owned(name, type, said, set)));
                }
            }
        }
        return all;
    }
}

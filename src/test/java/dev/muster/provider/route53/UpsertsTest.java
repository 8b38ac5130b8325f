package dev.muster.provider.route53;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UpsertsTest {

    private static final Zone ZONE = new Zone("Z1", new DnsName("example.com"), false);
    private static final DnsName WEB = new DnsName("web.example.com");
    private static final RecordSet OLD = RecordSet.simple(WEB, "A", 60, List.of("203.0.113.5"));
    private static final RecordSet NEW = RecordSet.simple(WEB, "A", 60, List.of("203.0.113.6"));
    private static final RecordSet TEXT = RecordSet.simple(WEB.under("_muster-a"), "TXT", 300, List.of("\"old\""));
    private static final RecordSet NEW_TEXT = RecordSet.simple(WEB.under("_muster-a"), "TXT", 300, List.of("\"new\""));
    private static final RecordSet SIX = RecordSet.simple(WEB, "AAAA", 60, List.of("2001:db8::5"));

    private static NameChange change(RecordChange... changes) {
        return new NameChange(ZONE, WEB, List.of("web"), List.of(changes));
    }

    private static List<NameChange> kept(RecordChange... changes) {
        return Upserts.of(List.of(change(changes)), List.of(ZoneView.of(ZONE, List.of(OLD, TEXT, SIX))));
    }

    @Test
    void aNameThatNobodyAsksForStaysWithItsText() {
        assertThat(kept(RecordChange.delete(TEXT), RecordChange.delete(OLD))).isEmpty();
    }

    @Test
    void aRecordChangesWithItsInstances() {
        RecordChange[] all = {
            RecordChange.delete(TEXT), RecordChange.delete(OLD), RecordChange.create(NEW), RecordChange.create(NEW_TEXT)
        };
        assertThat(kept(all)).containsExactly(change(all));
    }

    @Test
    void oneKindOfRecordThatWouldGoStaysWhileTheOtherChanges() {
        RecordChange[] others = {
            RecordChange.delete(TEXT), RecordChange.delete(OLD), RecordChange.create(NEW), RecordChange.create(NEW_TEXT)
        };
        assertThat(kept(others[0], others[1], others[2], others[3], RecordChange.delete(SIX)))
                .containsExactly(change(others));
    }

    @Test
    void ofSeveralSetsOfOneNameAnyButTheLastMayGo() {
        RecordSet one = new RecordSet(WEB, "A", "web01", 60, List.of("203.0.113.5"), Routing.weighted(1));
        RecordSet two = new RecordSet(WEB, "A", "web02", 60, List.of("203.0.113.6"), Routing.weighted(1));
        ZoneView view = ZoneView.of(ZONE, List.of(one, two));
        NameChange first = change(RecordChange.delete(one));
        NameChange both = change(RecordChange.delete(one), RecordChange.delete(two));
        assertThat(Upserts.of(List.of(first), List.of(view))).containsExactly(first);
        assertThat(Upserts.of(List.of(both), List.of(view))).isEmpty();
    }
}

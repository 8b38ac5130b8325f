package dev.muster.registry.etcd;

import dev.muster.doctor.Report;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How large etcd has become, and how much of its history it keeps.
 *
 * @param revision the newest one
 * @param quota empty where it is not told
 * @param compactedAt the revision up to which history is gone; empty where it is not told, negative where none is
 */
record Space(URI endpoint, long revision, long bytes, OptionalLong quota, OptionalLong compactedAt) {

    /** A small cluster reaches this in months; a fleet that is never compacted, in days. */
    private static final long MUCH_HISTORY = 100_000;

    private static final double NEARLY_FULL = 0.8;

    static Space of(EtcdMember.Answering member, Optional<EtcdPages.Figures> figures) {
        return new Space(
                member.endpoint(),
                member.revision(),
                member.bytes(),
                figures.map(EtcdPages.Figures::quotaBytes).orElse(OptionalLong.empty()),
                figures.map(EtcdPages.Figures::compactedAt).orElse(OptionalLong.empty()));
    }

    void tell(Report report) {
        String size = quota.isPresent() && quota.getAsLong() > 0
                ? "%s of %s are used".formatted(inUnits(bytes), inUnits(quota.getAsLong()))
                : "%s are used".formatted(inUnits(bytes));
        if (quota.isPresent() && quota.getAsLong() > 0 && bytes > NEARLY_FULL * quota.getAsLong()) {
            report.warn("space", size + "; when it is full, etcd takes no writes", compaction());
        } else {
            report.ok("space", size);
        }
        if (compactedAt.isEmpty()) {
            report.ok("history", "revision %d; how much history it keeps is not told".formatted(revision));
            return;
        }
        long from = Math.max(1, compactedAt.getAsLong());
        String seen = "revision %d, history from %d on".formatted(revision, from);
        if (revision - from > MUCH_HISTORY) {
            report.warn(
                    "history",
                    seen + (compactedAt.getAsLong() < 1 ? "; it has never been compacted" : "; that is a lot"),
                    "start etcd with --auto-compaction-retention=1h, or now: " + compaction());
        } else {
            report.ok("history", seen);
        }
    }

    private String compaction() {
        return "etcdctl --endpoints %s compact %d && etcdctl --endpoints %s defrag"
                .formatted(endpoint, revision, endpoint);
    }

    static String inUnits(long bytes) {
        if (bytes < 1 << 20) {
            return "%d KiB".formatted(bytes >> 10);
        }
        return bytes < 1L << 30 ? "%d MiB".formatted(bytes >> 20) : "%.1f GiB".formatted((double) bytes / (1 << 30));
    }
}

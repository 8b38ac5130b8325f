package dev.muster.provider.haproxy;

import dev.muster.model.Protocol;
import dev.muster.plan.ServiceTargets;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once, when it begins, what a person should know and what does not stop anything else. */
final class Notices {

    private static final Logger log = LoggerFactory.getLogger(HaproxyProvider.class);

    private List<String> udp = List.of();
    private List<String> lost = List.of();
    private Set<Integer> refused = Set.of();
    private List<String> certificates = List.of();
    private String trouble = "";

    void unservable(SortedMap<String, ServiceTargets> desired) {
        List<String> now = desired.values().stream()
                .filter(service -> service.protocol() == Protocol.UDP)
                .map(ServiceTargets::service)
                .toList();
        if (!now.equals(udp) && !now.isEmpty()) {
            log.warn("HAProxy does not serve udp: left out: {}", String.join(", ", now));
        }
        udp = now;
    }

    void routes(List<String> lostNow, Set<Integer> refusedNow) {
        if (!lostNow.equals(lost)) {
            lostNow.stream().filter(each -> !lost.contains(each)).forEach(each -> log.warn("Not served: {}", each));
        }
        lost = List.copyOf(lostNow);
        if (!refusedNow.equals(refused) && !refusedNow.isEmpty()) {
            log.warn("Ports that another program has, or that may not be bound: {}; their routes wait", refusedNow);
        }
        refused = Set.copyOf(refusedNow);
    }

    void certificates(List<String> faults) {
        faults.stream()
                .filter(fault -> !certificates.contains(fault))
                .forEach(fault -> log.warn("Certificate not taken, the last good one of its name stays: {}", fault));
        if (faults.isEmpty() && !certificates.isEmpty()) {
            log.info("Every certificate of the folder is good");
        }
        certificates = List.copyOf(faults);
    }

    /** @param message why the file's structure is not the one that is served, or empty */
    void structure(String message) {
        if (!message.equals(trouble)) {
            if (message.isEmpty()) {
                log.info("HAProxy has the structure of its file again");
            } else {
                log.warn("HAProxy keeps its structure: {}", message);
            }
        }
        trouble = message;
    }
}

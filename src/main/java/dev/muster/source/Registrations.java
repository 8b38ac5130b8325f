package dev.muster.source;

import dev.muster.model.Candidate;
import dev.muster.model.InstanceId;
import java.util.Collection;
import java.util.SortedMap;

public interface Registrations {
    record Result(SortedMap<InstanceId, Candidate> candidates, SortedMap<String, String> refused) {}

    Result of(Collection<Container> containers);
}
